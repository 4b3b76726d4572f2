// Runs FerretDB 1.x, a MongoDB-compatible server over SQLite, for the tests of the MongoDB store on machines without Docker.
//
// FerretDB's own main package panics when it is built from the Go module (its version file is not in there); its package for
// embedding does not need that file.
//
// Usage: ferretdb FOLDER; prints two URLs, one a line, stops on SIGTERM or when standard input ends. Behind the first URL commands
// run one at a time (see serial.go), which makes single documents atomic, as they are in MongoDB. Behind the second they do not.
package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"syscall"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	if len(os.Args) != 2 {
		fail("usage: ferretdb FOLDER")
	}
	server, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{TCP: "127.0.0.1:0"},
		Handler:   "sqlite",
		SQLiteURL: "file:" + os.Args[1] + "/",
		Logger:    slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
	})
	if err != nil {
		fail(err.Error())
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer stop()
	go func() {
		// Whoever started us holds the other end: when it dies, so do we.
		_, _ = io.Copy(io.Discard, os.Stdin)
		stop()
	}()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		fail(err.Error())
	}
	raw := server.MongoDBURI()
	go serialize(listener, address(raw))
	fmt.Printf("mongodb://%s/\n%s\n", listener.Addr(), raw)
	if err := server.Run(ctx); err != nil {
		fail(err.Error())
	}
}

func fail(message string) {
	fmt.Fprintln(os.Stderr, "ferretdb:", message)
	os.Exit(1)
}

package main

import (
	"encoding/binary"
	"io"
	"net"
	"net/url"
	"sync"
)

// No command of ours comes near; a length beyond is no MongoDB message.
const maxMessage = 48_000_000

// one is held from a command to its answer. FerretDB 1.x looks documents up and changes them in two steps with nothing between
// them, so that two writers who compare and swap at the same time both win.
var one sync.Mutex

// serialize passes connections on to the server, one command at a time over all of them.
func serialize(listener net.Listener, server string) {
	for {
		client, err := listener.Accept()
		if err != nil {
			return
		}
		go pass(client, server)
	}
}

func pass(client net.Conn, address string) {
	defer client.Close()
	server, err := net.Dial("tcp", address)
	if err != nil {
		return
	}
	defer server.Close()
	for {
		command, err := message(client)
		if err != nil {
			return
		}
		answer, err := exchange(server, command)
		if err != nil {
			return
		}
		if _, err := client.Write(answer); err != nil {
			return
		}
	}
}

func exchange(server net.Conn, command []byte) ([]byte, error) {
	one.Lock()
	defer one.Unlock()
	if _, err := server.Write(command); err != nil {
		return nil, err
	}
	return message(server)
}

// message reads one message: its first four octets are its length, themselves included.
func message(from io.Reader) ([]byte, error) {
	head := make([]byte, 4)
	if _, err := io.ReadFull(from, head); err != nil {
		return nil, err
	}
	length := binary.LittleEndian.Uint32(head)
	if length < 16 || length > maxMessage {
		return nil, io.ErrUnexpectedEOF
	}
	whole := make([]byte, length)
	copy(whole, head)
	_, err := io.ReadFull(from, whole[4:])
	return whole, err
}

func address(uri string) string {
	parsed, err := url.Parse(uri)
	if err != nil {
		fail(err.Error())
	}
	return parsed.Host
}

import { createServer } from 'node:tls';

// The bare other end of a handshake: mutual TLS 1.3, then nothing. The parent sends key, certificate and authority as PEM.
process.once('message', (options: { key: string; cert: string; ca: string }) => {
  const server = createServer(
    { ...options, minVersion: 'TLSv1.3', requestCert: true, rejectUnauthorized: true },
    (socket) => socket.on('error', () => undefined).end(),
  );
  server.listen(0, '127.0.0.1', () => {
    const address = server.address();
    process.send?.(typeof address === 'object' ? address?.port : undefined);
  });
});

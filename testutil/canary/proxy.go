package canary

import (
	"bytes"
	"errors"
	"io"
	"net"
	"sync"
)

// Proxy passes TCP connections on and keeps all that goes through, both ways.
type Proxy struct {
	listener net.Listener
	target   string
	open     sync.WaitGroup

	mu      sync.Mutex
	conns   []net.Conn
	streams []*bytes.Buffer
}

// NewProxy listens on a free loopback port and passes each connection on to target.
func NewProxy(target string) (*Proxy, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	p := &Proxy{listener: l, target: target}
	p.open.Go(p.accept)
	return p, nil
}

// Addr returns the address on which the proxy listens.
func (p *Proxy) Addr() string { return p.listener.Addr().String() }

// Traffic is all that has gone through so far, one direction of a connection after the other.
func (p *Proxy) Traffic() []byte {
	p.mu.Lock()
	defer p.mu.Unlock()
	var all []byte
	for _, s := range p.streams {
		all = append(all, s.Bytes()...)
	}
	return all
}

// Close ends the proxy and its connections.
func (p *Proxy) Close() error {
	err := p.listener.Close()
	p.mu.Lock()
	for _, c := range p.conns {
		_ = c.Close()
	}
	p.mu.Unlock()
	p.open.Wait()
	return err
}

func (p *Proxy) accept() {
	for {
		client, err := p.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			continue
		}
		server, err := net.Dial("tcp", p.target)
		if err != nil {
			_ = client.Close()
			continue
		}
		p.mu.Lock()
		p.conns = append(p.conns, client, server)
		p.mu.Unlock()
		p.open.Go(func() { p.pass(client, server) })
		p.open.Go(func() { p.pass(server, client) })
	}
}

// pass copies one direction until either side ends.
func (p *Proxy) pass(to, from net.Conn) {
	defer to.Close()
	r := recorder{p, new(bytes.Buffer)}
	p.mu.Lock()
	p.streams = append(p.streams, r.stream)
	p.mu.Unlock()
	_, _ = io.Copy(to, io.TeeReader(from, r))
}

type recorder struct {
	p      *Proxy
	stream *bytes.Buffer
}

// Write implements io.Writer.
func (r recorder) Write(bz []byte) (int, error) {
	r.p.mu.Lock()
	defer r.p.mu.Unlock()
	return r.stream.Write(bz)
}

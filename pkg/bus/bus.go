// Package bus is the way to NATS: a server inside this process without a port, or one elsewhere.
package bus

import (
	"fmt"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Embedded is a NATS server inside this process, which nobody outside can reach.
type Embedded struct{ server *server.Server }

// Start starts a server that keeps its streams under dir. Exactly one process may use dir: the caller locks it.
func Start(dir string) (*Embedded, error) {
	s, err := server.NewServer(&server.Options{
		ServerName: "passerelle", JetStream: true, StoreDir: dir, DontListen: true, NoSigs: true, NoLog: true,
		JetStreamMaxMemory: 64 << 20, JetStreamMaxStore: 1 << 50,
	})
	if err != nil {
		return nil, fmt.Errorf("start NATS: %w", err)
	}
	started := make(chan struct{})
	go func() {
		s.Start()
		close(started)
	}()
	select {
	case <-started:
	case <-time.After(patience):
		return nil, &Unreadable{dir}
	}
	if !s.ReadyForConnections(patience) {
		s.Shutdown()
		return nil, &Unreadable{dir}
	}
	return &Embedded{s}, nil
}

// patience is how long a store may take to be read: a million events take half a second, some seconds
// without their index.
const patience = time.Minute

// Unreadable says that the server did not finish reading its store. nats-server 2.15.2 was seen to stand still
// for ever over a block in which one bit had flipped. The process can only end: what stands still cannot be stopped.
type Unreadable struct{ Dir string }

func (e *Unreadable) Error() string {
	return fmt.Sprintf("NATS does not finish reading its store, which must be damaged: move the folder %s away and start again, "+
		"the streams are then filled again from the ledgers. If the ledgers were restored from a backup meanwhile, keep the folder: it may hold what they lack", e.Dir)
}

// Connect opens a connection inside the process.
func (e *Embedded) Connect(name string) (*nats.Conn, error) {
	return nats.Connect("", append(options(name), nats.InProcessServer(e.server))...)
}

// Stop ends the server; its streams are written out first.
func (e *Embedded) Stop() {
	e.server.Shutdown()
	e.server.WaitForShutdown()
}

func options(name string) []nats.Option {
	return []nats.Option{
		nats.Name(name), nats.MaxReconnects(-1), nats.ReconnectWait(250 * time.Millisecond),
		nats.PingInterval(5 * time.Second), nats.MaxPingsOutstanding(2), nats.Timeout(5 * time.Second),
	}
}

// JetStream is the streams of a connection, with the bounds that a cluster needs (an answer that never
// comes is given up after a second).
func JetStream(conn *nats.Conn) (jetstream.JetStream, error) {
	return jetstream.New(conn, jetstream.WithPublishAsyncTimeout(time.Second), jetstream.WithPublishAsyncMaxPending(512), jetstream.WithDefaultTimeout(time.Second))
}

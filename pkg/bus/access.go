package bus

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strings"
	"syscall"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Access is the way to servers elsewhere. A token, or user and password, is part of the URL; the rest are paths.
type Access struct {
	URL  string // one, or several of a cluster, separated by commas
	NKey string // file with the seed of a user's nkey
	CA   string // certificates to believe, PEM
	Cert string // our certificate, PEM
	Key  string // and its key
}

// Refused says in one line, without any secret, why a server does not take us: waiting does not help.
type Refused struct{ Why string }

func (r *Refused) Error() string { return r.Why }

// Connect opens a connection and keeps it for as long as the process lives. A server that is out of reach is
// waited for; one that refuses us, or has no JetStream, is *Refused.
func (a Access) Connect(ctx context.Context, name string) (*nats.Conn, error) {
	secured, err := a.options()
	if err != nil {
		return nil, err
	}
	secured = append(append(options(name), secured...), nats.IgnoreAuthErrorAbort()) // a server may refuse for a moment while it is set up anew
	conn, err := nats.Connect(a.URL, secured...)
	for try := 0; try < tries && cutOff(err); try++ {
		conn, err = nats.Connect(a.URL, secured...)
	}
	if err == nil {
		return conn, withJetStream(ctx, conn)
	}
	if why := a.refusal(err); why != "" {
		return nil, &Refused{why}
	}
	if conn, err = nats.Connect(a.URL, append(secured, nats.RetryOnFailedConnect(true))...); err != nil {
		return nil, &Refused{"its address cannot be read"} // the error would repeat the address, and a password in it
	}
	return conn, nil
}

// A server that refuses our certificate may have closed the connection before its reason is read.
const tries = 3

func cutOff(err error) bool {
	return errors.Is(err, io.EOF) || errors.Is(err, syscall.ECONNRESET) || errors.Is(err, syscall.EPIPE)
}

func withJetStream(ctx context.Context, conn *nats.Conn) error {
	js, err := jetstream.New(conn)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	_, err = js.AccountInfo(ctx)
	if errors.Is(err, jetstream.ErrJetStreamNotEnabled) || errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount) {
		conn.Close()
		return &Refused{"it answers without JetStream: start it with a store folder, and give the account JetStream"}
	}
	return nil // what else is wrong may pass
}

func (a Access) options() ([]nats.Option, error) {
	var list []nats.Option
	if a.NKey != "" {
		option, err := nats.NkeyOptionFromSeed(a.NKey)
		if err != nil {
			return nil, &Refused{fmt.Sprintf("the file %s holds no nkey seed", a.NKey)}
		}
		list = append(list, option)
	}
	if a.CA == "" && a.Cert == "" && !strings.Contains(a.URL, "tls://") {
		return list, nil
	}
	config, err := a.tls()
	return append(list, nats.Secure(config)), err
}

func (a Access) tls() (*tls.Config, error) {
	config := &tls.Config{MinVersion: tls.VersionTLS12}
	if a.CA != "" {
		text, err := os.ReadFile(a.CA)
		config.RootCAs = x509.NewCertPool()
		if err != nil || !config.RootCAs.AppendCertsFromPEM(text) {
			return nil, &Refused{fmt.Sprintf("the file %s holds no certificate to believe", a.CA)}
		}
	}
	if a.Cert != "" {
		pair, err := tls.LoadX509KeyPair(a.Cert, a.Key)
		if err != nil {
			return nil, &Refused{fmt.Sprintf("the files %s and %s are no certificate and its key", a.Cert, a.Key)}
		}
		config.Certificates = []tls.Certificate{pair}
	}
	return config, nil
}

// refusal is in words why a server did not take us; empty for one that was not reached.
func (a Access) refusal(err error) string {
	var (
		unknown x509.UnknownAuthorityError
		name    x509.HostnameError
		invalid x509.CertificateInvalidError
		parse   *url.Error
	)
	text := err.Error()
	switch {
	case errors.As(err, &parse):
		return "its address cannot be read"
	case errors.Is(err, nats.ErrAuthorization), errors.Is(err, nats.ErrAuthExpired), strings.Contains(strings.ToLower(text), "authorization violation"):
		return "it does not know us: the token, the user or the nkey is missing or another"
	case errors.As(err, &unknown), errors.As(err, &invalid):
		return "its certificate is not one we believe: give the certificate of its authority"
	case errors.As(err, &name):
		return "its certificate is for another name than the address has"
	case strings.Contains(text, "certificate required"), strings.Contains(text, "bad certificate"), strings.Contains(text, "unknown certificate"):
		return "it wants a certificate of ours, and does not take this one"
	case errors.Is(err, nats.ErrSecureConnWanted), errors.Is(err, nats.ErrSecureConnRequired):
		return "it speaks no TLS, and we were told to"
	case errors.Is(err, nats.ErrNkeysNotSupported):
		return "it knows no nkeys"
	}
	return ""
}

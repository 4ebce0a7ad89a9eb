package bus_test

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nkeys"

	"example.org/passerelle/pkg/bus"
)

// elsewhere starts a server that listens, as an operator would set it up, and gives its host and port.
func elsewhere(t *testing.T, set func(*server.Options)) string {
	t.Helper()
	options := &server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true}
	set(options)
	s, err := server.NewServer(options)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server does not get ready")
	}
	t.Cleanup(func() {
		s.Shutdown()
		s.WaitForShutdown()
	})
	return s.Addr().String()
}

// opens connects and uses the streams.
func opens(t *testing.T, a bus.Access) {
	t.Helper()
	conn, err := a.Connect(t.Context(), "test")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	js, err := bus.JetStream(conn)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := js.AccountInfo(t.Context()); err != nil {
		t.Error(err)
	}
}

// refuses expects one line with these words, and without the secret.
func refuses(t *testing.T, a bus.Access, words, secret string) {
	t.Helper()
	conn, err := a.Connect(t.Context(), "test")
	if err == nil {
		conn.Close()
	}
	var refused *bus.Refused
	if !errors.As(err, &refused) || !strings.Contains(err.Error(), words) || strings.Contains(err.Error(), "\n") {
		t.Errorf("answered %v, want: … %s …", err, words)
	}
	if err != nil && secret != "" && strings.Contains(err.Error(), secret) {
		t.Errorf("the line holds the secret: %v", err)
	}
}

func TestATokenOpensTheDoor(t *testing.T) {
	t.Parallel()
	at := elsewhere(t, func(o *server.Options) { o.Authorization = "invented-word" })
	opens(t, bus.Access{URL: "nats://invented-word@" + at})
	refuses(t, bus.Access{URL: "nats://wrong-word@" + at}, "does not know us", "wrong-word")
	refuses(t, bus.Access{URL: "nats://" + at}, "does not know us", "")
}

func TestAUserAndAPasswordOpenTheDoor(t *testing.T) {
	t.Parallel()
	at := elsewhere(t, func(o *server.Options) { o.Username, o.Password = "passerelle", "invented-word" })
	opens(t, bus.Access{URL: "nats://passerelle:invented-word@" + at})
	refuses(t, bus.Access{URL: "nats://passerelle:wrong-word@" + at}, "does not know us", "wrong-word")
}

func TestAnNKeyOpensTheDoor(t *testing.T) {
	t.Parallel()
	seed, public := newNKey(t)
	other, _ := newNKey(t)
	at := elsewhere(t, func(o *server.Options) { o.Nkeys = []*server.NkeyUser{{Nkey: public}} })
	opens(t, bus.Access{URL: "nats://" + at, NKey: seed})
	refuses(t, bus.Access{URL: "nats://" + at, NKey: other}, "does not know us", contentOf(t, other))
	refuses(t, bus.Access{URL: "nats://" + at}, "does not know us", "")
	broken := filepath.Join(t.TempDir(), "broken")
	write(t, broken, []byte("SUAINVENTED"))
	refuses(t, bus.Access{URL: "nats://" + at, NKey: broken}, "holds no nkey seed", "SUAINVENTED")
}

func TestTLSOnBothSides(t *testing.T) {
	t.Parallel()
	ours, theirs := newAuthority(t), newAuthority(t)
	at := elsewhere(t, func(o *server.Options) {
		o.TLSVerify = true
		o.TLSConfig = &tls.Config{
			Certificates: []tls.Certificate{ours.pair(t)}, ClientCAs: ours.pool, ClientAuth: tls.RequireAndVerifyClientCert, MinVersion: tls.VersionTLS12,
		}
	})
	cert, key := ours.files(t)
	stranger, strangersKey := theirs.files(t)
	opens(t, bus.Access{URL: "tls://" + at, CA: ours.file, Cert: cert, Key: key})
	refuses(t, bus.Access{URL: "tls://" + at, CA: ours.file}, "wants a certificate", "")
	refuses(t, bus.Access{URL: "tls://" + at, CA: ours.file, Cert: stranger, Key: strangersKey}, "wants a certificate", "")
	refuses(t, bus.Access{URL: "tls://" + at, CA: theirs.file, Cert: cert, Key: key}, "not one we believe", "")
	refuses(t, bus.Access{URL: "nats://" + at}, "not one we believe", "")
	refuses(t, bus.Access{URL: "tls://" + at, CA: ours.file, Cert: cert, Key: strangersKey}, "no certificate and its key", "")
	refuses(t, bus.Access{URL: "tls://" + at, CA: key}, "no certificate to believe", "")
}

func TestAServerThatIsNotWhatWasAskedForIsRefused(t *testing.T) {
	t.Parallel()
	plain := elsewhere(t, func(*server.Options) {})
	refuses(t, bus.Access{URL: "tls://" + plain}, "speaks no TLS", "")
	without := elsewhere(t, func(o *server.Options) { o.JetStream = false })
	refuses(t, bus.Access{URL: "nats://" + without}, "without JetStream", "")
	refuses(t, bus.Access{URL: "nats://passerelle:invented-word@[::1"}, "cannot be read", "invented-word")
}

// TestAServerThatComesLaterIsWaitedFor: the order in which things are started does not matter.
func TestAServerThatComesLaterIsWaitedFor(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	at, _ := l.Addr().(*net.TCPAddr)
	l.Close()
	conn, err := bus.Access{URL: "nats://invented-word@" + at.String()}.Connect(t.Context(), "test")
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	elsewhere(t, func(o *server.Options) { o.Port, o.Authorization = at.Port, "invented-word" })
	if err := conn.FlushTimeout(10 * time.Second); err != nil {
		t.Error(err)
	}
}

func newNKey(t *testing.T) (file, public string) {
	t.Helper()
	pair, err := nkeys.CreateUser()
	if err != nil {
		t.Fatal(err)
	}
	seed, err := pair.Seed()
	if err != nil {
		t.Fatal(err)
	}
	file = filepath.Join(t.TempDir(), "nkey")
	write(t, file, seed)
	public, err = pair.PublicKey()
	if err != nil {
		t.Fatal(err)
	}
	return file, public
}

// authority signs certificates for one test.
type authority struct {
	file        string
	pool        *x509.CertPool
	certificate *x509.Certificate
	key         *ecdsa.PrivateKey
}

func newAuthority(t *testing.T) *authority {
	t.Helper()
	a := &authority{file: filepath.Join(t.TempDir(), "ca.pem"), pool: x509.NewCertPool(), key: newKey(t)}
	form := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "Autorité imaginaire"}, IsCA: true, BasicConstraintsValid: true,
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour), KeyUsage: x509.KeyUsageCertSign,
	}
	der, err := x509.CreateCertificate(rand.Reader, form, form, a.key.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	if a.certificate, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	a.pool.AddCert(a.certificate)
	write(t, a.file, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	return a
}

// files are a certificate of this authority, for a server on this machine or a client, and its key.
func (a *authority) files(t *testing.T) (cert, key string) {
	t.Helper()
	private := newKey(t)
	form := &x509.Certificate{
		SerialNumber: big.NewInt(2), Subject: pkix.Name{CommonName: "passerelle"}, IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
		ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth},
	}
	der, err := x509.CreateCertificate(rand.Reader, form, a.certificate, private.Public(), a.key)
	if err != nil {
		t.Fatal(err)
	}
	text, err := x509.MarshalECPrivateKey(private)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	cert, key = filepath.Join(dir, "cert.pem"), filepath.Join(dir, "key.pem")
	write(t, cert, pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: der}))
	write(t, key, pem.EncodeToMemory(&pem.Block{Type: "EC PRIVATE KEY", Bytes: text}))
	return cert, key
}

func (a *authority) pair(t *testing.T) tls.Certificate {
	t.Helper()
	pair, err := tls.LoadX509KeyPair(a.files(t))
	if err != nil {
		t.Fatal(err)
	}
	return pair
}

func newKey(t *testing.T) *ecdsa.PrivateKey {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	return key
}

func write(t *testing.T, file string, content []byte) {
	t.Helper()
	if err := os.WriteFile(file, content, 0o600); err != nil {
		t.Fatal(err)
	}
}

func contentOf(t *testing.T, file string) string {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

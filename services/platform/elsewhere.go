package platform

import (
	"context"
	"errors"
	"fmt"
	"net/netip"
	"os"
	"strings"

	"example.org/passerelle/pkg/bus"
	"example.org/passerelle/pkg/web"
)

// Elsewhere says how to reach what is not in this process.
type Elsewhere struct {
	NATSNKey            string `name:"nats-nkey" env:"PASSERELLE_NATS_NKEY" help:"File with the nkey seed that NATS knows us by."`
	NATSCA              string `name:"nats-ca" env:"PASSERELLE_NATS_CA" help:"File with the certificates that NATS is believed by."`
	NATSCert            string `name:"nats-cert" env:"PASSERELLE_NATS_CERT" help:"File with our certificate for NATS."`
	NATSKey             string `name:"nats-key" env:"PASSERELLE_NATS_KEY" help:"File with the key of our certificate for NATS."`
	DatabaseConnections int    `name:"database-connections" env:"PASSERELLE_DATABASE_CONNECTIONS" help:"Connections to Postgres at most, beside one for each ledger and one for the access log of each service (default 30, 4 for a process on its own)."`
	OIDCIssuer          string `name:"oidc-issuer" env:"PASSERELLE_OIDC_ISSUER" help:"Address of the issuer whose tokens are taken; 'run' has its own."`
	APIURL              string `name:"api-url" env:"PASSERELLE_API_URL" help:"For 'portal': address of the edge, as the portal reaches it (default: the public URL; with the demo's accounts their issuer's)."`
	Upstreams           string `name:"upstreams" env:"PASSERELLE_UPSTREAMS" help:"For 'edge': service=address,address service=address …"`
	Proxies             string `name:"proxies" env:"PASSERELLE_PROXIES" default:"127.0.0.0/8,::1/128" help:"For services on their own and 'edge': who may say for whom they ask."`
}

const (
	fewestConnections = 4 // one for each thing that holds one while it needs another; two of each service take 86 with those of ledgers and access logs
	runConnections    = 30
	portalConnections = 2 // its sessions only
)

func (e Elsewhere) check(c Config) error {
	for _, one := range strings.Split(c.NATSURL, ",") {
		if err := checkURL("PASSERELLE_NATS_URL", strings.TrimSpace(one), "nats", "tls"); err != nil {
			return err
		}
	}
	for name, file := range map[string]string{"PASSERELLE_NATS_NKEY": e.NATSNKey, "PASSERELLE_NATS_CA": e.NATSCA, "PASSERELLE_NATS_CERT": e.NATSCert, "PASSERELLE_NATS_KEY": e.NATSKey} {
		if err := checkFile(name, file); err != nil {
			return err
		}
	}
	if (e.NATSCert == "") != (e.NATSKey == "") {
		return errors.New("PASSERELLE_NATS_CERT and PASSERELLE_NATS_KEY belong together: give both files")
	}
	if e.DatabaseConnections != 0 && e.DatabaseConnections < fewestConnections {
		return fmt.Errorf("PASSERELLE_DATABASE_CONNECTIONS is %d: give at least %d", e.DatabaseConnections, fewestConnections)
	}
	_, err := e.proxies()
	return err
}

func checkFile(name, file string) error {
	if file == "" {
		return nil
	}
	f, err := os.Open(file)
	if err != nil {
		return fmt.Errorf("%s: the file cannot be read: %w", name, withoutPath(err))
	}
	return f.Close()
}

func (e Elsewhere) proxies() (list web.Proxies, err error) {
	for _, one := range strings.FieldsFunc(e.Proxies, func(c rune) bool { return c == ',' || c == ' ' }) {
		prefix, err := netip.ParsePrefix(one)
		if err != nil {
			return nil, fmt.Errorf("PASSERELLE_PROXIES holds %q: give networks such as 10.1.0.0/16, separated by commas", one)
		}
		list = append(list, prefix)
	}
	return list, nil
}

func (e Elsewhere) connections(together bool) int32 {
	switch {
	case e.DatabaseConnections > 0:
		return int32(min(e.DatabaseConnections, 10_000)) //nolint:gosec // see min
	case together:
		return runConnections
	}
	return fewestConnections
}

// checkIssuer wants an address that nobody between can change.
func (e Elsewhere) checkIssuer() error {
	if e.OIDCIssuer == "" {
		return errors.New("PASSERELLE_OIDC_ISSUER is missing: give the address of the issuer whose tokens are taken, such as the edge's with the demo's accounts")
	}
	return checkIssuerAddress("PASSERELLE_OIDC_ISSUER", e.OIDCIssuer)
}

// checkApart is what a process needs whose Postgres and NATS are elsewhere.
func (c Config) checkApart() error {
	if err := c.checkDatabase(); err != nil {
		return err
	}
	if c.NATSURL == "" {
		return errors.New("PASSERELLE_NATS_URL is missing: give nats://host:4222")
	}
	return c.checkSecrets()
}

func (c Config) checkDatabase() error {
	if c.DatabaseURL == "" {
		return errors.New("PASSERELLE_DATABASE_URL is missing: give postgres://user@host/database")
	}
	return nil
}

func (c Config) checkSecrets() error {
	if c.SecretsDir == "" {
		return errors.New("PASSERELLE_SECRETS_DIR is missing: give the folder that `passerelle provision` makes, the same for every process")
	}
	return nil
}

func (i *installation) joinNATS(ctx context.Context) (err error) {
	c := i.config
	access := bus.Access{URL: c.NATSURL, NKey: c.NATSNKey, CA: c.NATSCA, Cert: c.NATSCert, Key: c.NATSKey}
	if i.conn, err = access.Connect(ctx, "passerelle"); err != nil {
		return fmt.Errorf("NATS does not take us (PASSERELLE_NATS_URL, _NKEY, _CA, _CERT, _KEY): %w", err)
	}
	i.js, err = bus.JetStream(i.conn)
	return err
}

package platform

import (
	"context"
	"fmt"
	"io"
	"os"

	openapi "example.org/passerelle/api/http"
	"example.org/passerelle/pkg/web"
)

// RunIdentity is the issuer of the demo's accounts as a process of its own, until ctx ends.
func RunIdentity(ctx context.Context, c Config, out io.Writer) error {
	for _, check := range []func() error{c.Check, c.checkDemo, c.checkSecrets} {
		if err := check(); err != nil {
			return err
		}
	}
	secrets, err := readSecrets(c.SecretsDir)
	if err != nil {
		return err
	}
	listener, err := listenAt(ctx, c)
	if err != nil {
		return err
	}
	name := c.OIDCIssuer
	if name == "" {
		name = "http://" + listener.Addr().String()
	}
	issuer, err := demoIssuer(c, secrets.file("issuer"), name)
	if err != nil {
		return err
	}
	proxies, _ := c.proxies() // checked before
	server, err := web.New(web.Config{
		Document: openapi.Document(), Rate: c.rate(), Burst: burst(c.rate()), Address: c.perAddress(), Log: c.logger(os.Stderr, nil), Proxies: proxies, Linger: linger, Drain: drainApart,
	})
	if err != nil {
		return err
	}
	if err := server.Mount(identityName, demoTokens(c, issuer), nil); err != nil {
		return err
	}
	fmt.Fprintf(out, "Passerelle %s: identity answers on http://%s, as %s\n", Version, listener.Addr(), name)
	return server.Serve(ctx, listener)
}

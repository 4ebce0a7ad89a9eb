package platform

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"

	openapi "example.org/passerelle/api/http"
	"example.org/passerelle/pkg/edge"
	"example.org/passerelle/pkg/web"
)

// Upstreams that are no service of ours, and may be left out: the demo's issuer, and the pages.
const (
	identityName = "identity"
	portalName   = "portal"
)

// RunEdge gives every operation to a process of its service, and what is no operation to the portal, until ctx ends.
func RunEdge(ctx context.Context, c Config, out io.Writer) error {
	if err := c.Check(); err != nil {
		return err
	}
	upstreams, err := readUpstreams(c.Upstreams)
	if err != nil {
		return err
	}
	log := c.logger(os.Stderr)
	e, err := edge.New(edge.Config{Upstreams: upstreams, Log: log})
	if err != nil {
		return fmt.Errorf("PASSERELLE_UPSTREAMS: %w", err)
	}
	proxies, _ := c.proxies() // checked before
	server, err := web.New(web.Config{Document: openapi.Document(), Log: log, Status: e.Status, Proxies: proxies, Linger: linger, Drain: drainApart})
	if err != nil {
		return err
	}
	mountUpstreams(server, e, upstreams)
	listener, err := listenAt(ctx, c)
	if err != nil {
		return err
	}
	looking, stop := context.WithCancel(context.WithoutCancel(ctx)) // until the last request is answered
	defer stop()
	go e.Run(looking)
	fmt.Fprintf(out, "Passerelle %s: edge answers on http://%s\n", Version, listener.Addr())
	return server.Serve(ctx, listener)
}

func mountUpstreams(server *web.Server, e *edge.Edge, upstreams map[string][]string) {
	for _, o := range openapi.Operations() {
		if upstreams[o.Service] != nil {
			server.Handle(o.Method, o.Path, e.Handler(o.Service))
		}
	}
	if upstreams[portalName] == nil {
		return
	}
	pages := e.Handler(portalName)
	server.Otherwise(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasPrefix(r.URL.Path, "/api/") {
			web.WriteError(w, r, web.ErrNoSuchAddress)
			return
		}
		pages.ServeHTTP(w, r)
	}))
}

// readUpstreams reads "detection=http://host:8081,http://host:8082 referral=http://host:8083".
func readUpstreams(text string) (map[string][]string, error) {
	known := []string{identityName, portalName}
	for _, s := range services {
		known = append(known, s.name)
	}
	upstreams := map[string][]string{}
	for _, one := range strings.FieldsFunc(text, func(c rune) bool { return c == ';' || c == ' ' || c == '\n' || c == '\t' }) {
		name, addresses, _ := strings.Cut(one, "=")
		if !slices.Contains(known, name) || addresses == "" || upstreams[name] != nil {
			return nil, fmt.Errorf("PASSERELLE_UPSTREAMS: what begins with %q is no service=address,address, each service once: the services are %s", name, strings.Join(known, ", "))
		}
		upstreams[name] = strings.Split(addresses, ",")
	}
	var missing []string
	for _, s := range services {
		if upstreams[s.name] == nil {
			missing = append(missing, s.name)
		}
	}
	switch {
	case text == "":
		return nil, errors.New("PASSERELLE_UPSTREAMS is missing: give service=http://host:port,http://host:port for each service, separated by spaces")
	case missing != nil:
		return nil, fmt.Errorf("PASSERELLE_UPSTREAMS does not say where %s answers", strings.Join(missing, ", "))
	}
	return upstreams, nil
}

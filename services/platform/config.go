package platform

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"strings"
	"time"

	"example.org/passerelle/pkg/clock"
	"example.org/passerelle/pkg/paper"
	"example.org/passerelle/pkg/web"
)

// Config is how Passerelle is told what to do: environment variables, or flags of the same name, which win.
type Config struct {
	HTTPAddr     string   `name:"http-addr" env:"PASSERELLE_HTTP_ADDR" default:"127.0.0.1:8080" help:"Address to answer on."`
	DataDir      string   `name:"data-dir" env:"PASSERELLE_DATA_DIR" default:".passerelle" help:"Folder of the private Postgres, the embedded NATS and the secrets."`
	DatabaseURL  string   `name:"database-url" env:"PASSERELLE_DATABASE_URL" help:"Postgres elsewhere; empty: a private one in the data folder."`
	NATSURL      string   `name:"nats-url" env:"PASSERELLE_NATS_URL" help:"NATS elsewhere; empty: embedded, without a port."`
	Demo         string   `name:"demo" env:"PASSERELLE_DEMO" default:"off" help:"off, identity (demo accounts, empty data), or on (demo accounts, and the year that ends today where there is no data yet)."`
	DemoAhead    int      `name:"demo-ahead" env:"PASSERELLE_DEMO_AHEAD" help:"Days by which the demo is ahead of this machine's clock, to see what becomes due; it never goes back."`
	OIDCAudience string   `name:"oidc-audience" env:"PASSERELLE_OIDC_AUDIENCE" default:"passerelle" help:"Audience that tokens must have."`
	OIDCScope    string   `name:"oidc-scope" env:"PASSERELLE_OIDC_SCOPE" default:"passerelle" help:"Scope that tokens must have."`
	PublicURL    string   `name:"public-url" env:"PASSERELLE_PUBLIC_URL" help:"Address that people open in their browsers, such as https://passerelle.example.org; the demo takes any of this machine."`
	Log          string   `name:"log" env:"PASSERELLE_LOG" default:"text" help:"text or json."`
	Rate         *float64 `name:"rate" env:"PASSERELLE_RATE" help:"Requests a second per client, 0 is off (default 50, off in the demo)."`
	SignInRate   *float64 `name:"signin-rate" env:"PASSERELLE_SIGNIN_RATE" help:"Sign-ins a minute per address, 0 is off (default 10, off in the demo)."`
	LinkRate     *float64 `name:"link-rate" env:"PASSERELLE_LINK_RATE" help:"Requests by signed links a minute per address, 0 is off (default 30, off in the demo)."`
	LetterWindow string   `name:"letter-window" env:"PASSERELLE_LETTER_WINDOW" default:"110,50" help:"Where the address of a letter begins, in millimetres from the left and the top: what the window of your envelopes shows."`
	SecretsDir   string   `name:"secrets-dir" env:"PASSERELLE_SECRETS_DIR" help:"Folder of the secrets (default <data>/secrets)."`
	Erasures     string   `name:"erasures" env:"PASSERELLE_ERASURES" help:"File of the register of erasures, outside every backup of the database (default <data>/erasures)."`

	SecretFiles
	SignIn
	Elsewhere
}

// window is where addresses stand on letters.
func (c Config) window() (paper.Window, error) {
	if c.LetterWindow == "" {
		return paper.UsualWindow, nil
	}
	var window paper.Window
	if err := window.UnmarshalText([]byte(c.LetterWindow)); err != nil {
		return window, fmt.Errorf("PASSERELLE_LETTER_WINDOW is %q: %w", c.LetterWindow, err)
	}
	return window, nil
}

// Check names the first setting that cannot work, in one line.
func (c Config) Check() error {
	if _, port, err := net.SplitHostPort(c.HTTPAddr); err != nil || port == "" {
		return fmt.Errorf("PASSERELLE_HTTP_ADDR is %q: give host:port, such as 127.0.0.1:8080", c.HTTPAddr)
	}
	if c.Demo != "off" && c.Demo != "identity" && c.Demo != "on" {
		return fmt.Errorf("PASSERELLE_DEMO is %q: give off, identity or on", c.Demo)
	}
	if c.DemoAhead < 0 || c.DemoAhead > 0 && c.Demo == "off" {
		return fmt.Errorf("PASSERELLE_DEMO_AHEAD is %d: give days from 0 on, in a demonstration only", c.DemoAhead)
	}
	if c.Log != "text" && c.Log != "json" {
		return fmt.Errorf("PASSERELLE_LOG is %q: give text or json", c.Log)
	}
	if c.Rate != nil && *c.Rate < 0 {
		return fmt.Errorf("PASSERELLE_RATE is %v: give requests a second, or 0 for no limit", *c.Rate)
	}
	if c.SignInRate != nil && *c.SignInRate < 0 {
		return fmt.Errorf("PASSERELLE_SIGNIN_RATE is %v: give sign-ins a minute, or 0 for no limit", *c.SignInRate)
	}
	if c.LinkRate != nil && *c.LinkRate < 0 {
		return fmt.Errorf("PASSERELLE_LINK_RATE is %v: give requests a minute, or 0 for no limit", *c.LinkRate)
	}
	if _, err := c.window(); err != nil {
		return err
	}
	if err := checkURL("PASSERELLE_DATABASE_URL", c.DatabaseURL, "postgres", "postgresql"); err != nil {
		return err
	}
	if err := checkURL("PASSERELLE_PUBLIC_URL", c.PublicURL, "https", "http"); err != nil {
		return err
	}
	if c.OIDCScope == "" || c.OIDCAudience == "" {
		return errors.New("PASSERELLE_OIDC_SCOPE and PASSERELLE_OIDC_AUDIENCE say which tokens are for Passerelle: give both, or neither")
	}
	if err := c.SignIn.check(); err != nil {
		return err
	}
	return c.Elsewhere.check(c)
}

// clock is the machine's, or that of a demonstration that is ahead of it.
func (c Config) clock() *clock.Led {
	return &clock.Led{Ahead: time.Duration(c.DemoAhead) * 24 * time.Hour}
}

// CheckServing is what `run` needs beyond what operator commands need.
func (c Config) CheckServing() error {
	if c.Demo == "off" && c.SignInIssuer == "" {
		return errors.New("PASSERELLE_DEMO is off, and nobody could sign in: give PASSERELLE_SIGN_IN_ISSUER, or set PASSERELLE_DEMO=identity")
	}
	return c.checkPages()
}

// checkPublic wants the address that an issuer sends people back to.
func (c Config) checkPublic() error {
	if c.PublicURL == "" {
		return errors.New("PASSERELLE_PUBLIC_URL is missing: give the address that people open in their browsers, which the issuer knows too")
	}
	if u, err := url.Parse(c.PublicURL); err != nil || u.Scheme != "https" && !web.IsLoopback(u.Host) {
		return errors.New("PASSERELLE_PUBLIC_URL is no https:// address: whoever is between could read what people see")
	}
	return nil
}

// checkPages is what the portal needs.
func (c Config) checkPages() error {
	if c.Demo != "off" {
		return c.checkDemo()
	}
	return c.checkPublic()
}

// checkDemo keeps the demo's issuer out of anything but a demonstration, on this machine.
func (c Config) checkDemo() error {
	if c.Demo == "off" {
		return errors.New("PASSERELLE_DEMO is off, and the demo's issuer exists in a demonstration only: set PASSERELLE_DEMO=identity, or use an issuer of your own")
	}
	if !web.IsLoopback(c.HTTPAddr) {
		return fmt.Errorf("PASSERELLE_HTTP_ADDR is %q: the demo's accounts have a published secret and answer on a loopback address only", c.HTTPAddr)
	}
	return nil
}

func checkURL(name, value string, schemes ...string) error {
	if value == "" {
		return nil
	}
	u, err := url.Parse(value)
	if err == nil {
		if u.User != nil && strings.HasPrefix(u.Scheme, "http") {
			return fmt.Errorf("%s holds a user or a password: leave them out, it is shown to people", name)
		}
		for _, scheme := range schemes {
			if u.Scheme == scheme {
				return nil
			}
		}
	}
	return fmt.Errorf("%s is not a %s:// address", name, schemes[0]) // the value may hold a password
}

func (c Config) rate() float64 { return c.limit(c.Rate, 50) }

// perAddress are the limits that operations name in x-address-limit.
func (c Config) perAddress() map[string]float64 {
	return map[string]float64{"sign-in": c.limit(c.SignInRate, 10), "link": c.limit(c.LinkRate, 30)}
}

// limit is what was set, or the usual; none for the demo, where everybody is at one address.
func (c Config) limit(set *float64, usual float64) float64 {
	switch {
	case set != nil:
		return *set
	case c.Demo == "off":
		return usual
	}
	return 0
}

func (c Config) logger(to io.Writer, level slog.Leveler) *slog.Logger {
	options := &slog.HandlerOptions{Level: level}
	if c.Log == "json" {
		return slog.New(slog.NewJSONHandler(to, options))
	}
	return slog.New(slog.NewTextHandler(to, options))
}

package platform

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"os"
	"strconv"
	"strings"

	"github.com/alecthomas/kong"
)

// commands are what can be typed.
type commands struct {
	Config

	Run       struct{} `cmd:"" help:"Start everything in one process and serve."`
	Provision struct{} `cmd:"" help:"Make the secrets, schemas and streams for services that run apart."`
	Apart
	Version struct{} `cmd:"" help:"Say which version this is."`
	Doctor  struct{} `cmd:"" help:"Look at everything, and say what to do about what is not well."`
	Ledger  struct {
		Verify  oneService `cmd:"" help:"Read every event of both copies and say where they differ."`
		Recover struct {
			oneService
			Keep string `required:"" enum:"ledger,stream" help:"Which copy is right: ledger or stream."`
		} `cmd:"" help:"End two histories: keep one, put what only the other has into a file."`
		AcceptLoss oneService `cmd:"" name:"accept-loss" help:"Take a restored ledger as it is."`
	} `cmd:"" help:"The truth and its copy."`
	Accesslog struct {
		Verify struct{} `cmd:"" help:"Read every row, and say where one is not as it was written."`
		Purge  struct{} `cmd:"" help:"Drop the months that are more than a year old; their last hashes stay."`
	} `cmd:"" help:"Who read or wrote personal data."`
	Fund struct {
		List     struct{} `cmd:"" help:"Which funds work with Passerelle, and who administers them."`
		Register struct {
			ID          string   `required:"" help:"Small letters, digits and hyphens, such as carsat-lr."`
			Name        string   `required:"" help:"What it is called."`
			Departments []string `required:"" help:"Codes, separated by commas: 11,30,2A."`
			ErasureDays int      `default:"3" help:"Days from hiding a person to destroying the key, 0 to 30."`
		} `cmd:"" help:"Let a fund work with Passerelle."`
		Invite struct {
			Fund  string `required:"" help:"Identifier of the fund; network for an analyst of all funds."`
			Email string `required:"" help:"Address that the person signs in with."`
			Name  string `required:"" help:"Name of the person."`
		} `cmd:"" help:"Invite an administrator of a fund: whoever signs in first with the address."`
	} `cmd:"" help:"Funds and their first administrators."`
	Parked struct {
		List  struct{} `cmd:"" help:"What could not be done, in the order in which it is tried."`
		Retry oneRow   `cmd:"" help:"Try a parked message again now, and what waits behind it (0: all)."`
		Drop  oneRow   `cmd:"" help:"Give a parked message up for good."`
	} `cmd:"" help:"Messages that a listener could not act on."`
	Erasures struct {
		Apply struct{} `cmd:"" help:"Destroy the keys of everybody in the register of erasures again, and tell what the ledger lacks."`
	} `cmd:"" help:"Who was erased stays erased, whatever backup was restored."`
	Projections struct {
		Serve   struct{}      `cmd:"" default:"1" help:"Only this service, on a Postgres and a NATS elsewhere."`
		Rebuild oneProjection `cmd:"" help:"Fill a read model anew beside the one that serves, then switch."`
		Verify  oneProjection `cmd:"" help:"Compare every row with a rebuild, without switching."`
	} `cmd:"" help:"Only this service; and what its operator does."`
}

// Apart are the processes of a house whose services run on their own.
type Apart struct {
	Access    struct{} `cmd:"" help:"Only this service, on a Postgres and a NATS elsewhere."`
	Detection struct{} `cmd:"" help:"Only this service."`
	Referral  struct{} `cmd:"" help:"Only this service."`
	Workshop  struct{} `cmd:"" help:"Only this service."`
	Equipment struct{} `cmd:"" help:"Only this service."`
	Funding   struct{} `cmd:"" help:"Only this service."`
	Identity  struct{} `cmd:"" help:"Only the issuer of the demo's accounts."`
	Portal    struct{} `cmd:"" help:"Only the pages."`
	Edge      struct{} `cmd:"" help:"The door in front of services that run apart."`
}

type oneService struct {
	Service string `help:"Only this service (default: all)."`
}

type oneRow struct {
	Service string `arg:"" help:"Service whose listener it is."`
	ID      int64  `arg:"" help:"Number, as list shows it."`
}

type oneProjection struct {
	Name string `arg:"" optional:"" help:"Only this one (default: all)."`
}

// Main does what the arguments say. A returned error is one line for the operator.
func Main(ctx context.Context, args []string, out io.Writer) error {
	var c commands
	parser, err := kong.New(&c, kong.Name("passerelle"), kong.Description("Referral of seniors who struggle with digital services."),
		kong.Writers(out, os.Stderr), kong.UsageOnError())
	if err != nil {
		return err
	}
	chosen, err := parser.Parse(args)
	if err != nil {
		return err
	}
	for _, check := range []func() error{func() error { return checkArguments(chosen) }, c.readSecretFiles} {
		if err := check(); err != nil {
			return err
		}
	}
	switch command := chosen.Command(); command {
	case "run":
		return untilStopped(ctx, Run(ctx, c.Config, out))
	case "access", "detection", "referral", "workshop", "equipment", "funding", "projections serve":
		return untilStopped(ctx, RunService(ctx, c.Config, strings.Fields(command)[0], out))
	case "identity":
		return RunIdentity(ctx, c.Config, out)
	case "portal":
		return RunPortal(ctx, c.Config, out)
	case "edge":
		return RunEdge(ctx, c.Config, out)
	case "provision":
		return Provision(ctx, c.Config, out)
	case "version":
		_, err := fmt.Fprintln(out, "passerelle "+Version)
		return err
	default:
		if err := c.Check(); err != nil {
			return err
		}
		name, values := c.operation(command)
		return operate(ctx, c.Config, name, values, out)
	}
}

// untilStopped says nothing of what was stopped before it was ready.
func untilStopped(ctx context.Context, err error) error {
	if ctx.Err() != nil && errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// operation is the operator command that was typed, with its arguments.
func (c *commands) operation(command string) (string, url.Values) {
	row := func(r oneRow) url.Values {
		return url.Values{"service": {r.Service}, "id": {strconv.FormatInt(r.ID, 10)}}
	}
	switch command {
	case "fund list":
		return "fund/list", nil
	case "fund register":
		r := c.Fund.Register
		return "fund/register", url.Values{"id": {r.ID}, "name": {r.Name}, "departments": r.Departments, "erasure-days": {strconv.Itoa(r.ErasureDays)}}
	case "fund invite":
		return "fund/invite", url.Values{"fund": {c.Fund.Invite.Fund}, "email": {c.Fund.Invite.Email}, "name": {c.Fund.Invite.Name}}
	case "doctor":
		return "doctor", nil
	case "accesslog verify":
		return "accesslog/verify", nil
	case "accesslog purge":
		return "accesslog/purge", nil
	case "ledger verify":
		return "ledger/verify", url.Values{"service": {c.Ledger.Verify.Service}}
	case "ledger recover":
		return "ledger/recover", url.Values{"service": {c.Ledger.Recover.Service}, "keep": {c.Ledger.Recover.Keep}}
	case "ledger accept-loss":
		return "ledger/accept-loss", url.Values{"service": {c.Ledger.AcceptLoss.Service}}
	case "erasures apply":
		return "erasures/apply", nil
	case "parked list":
		return "parked/list", nil
	case "parked retry <service> <id>":
		return "parked/retry", row(c.Parked.Retry)
	case "parked drop <service> <id>":
		return "parked/drop", row(c.Parked.Drop)
	case "projections rebuild", "projections rebuild <name>":
		return "projections/rebuild", url.Values{"name": {c.Projections.Rebuild.Name}}
	default:
		return "projections/verify", url.Values{"name": {c.Projections.Verify.Name}}
	}
}

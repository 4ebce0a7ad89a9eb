package platform

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strconv"
	"strings"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/directory/live"
	"example.org/passerelle/pkg/refusal"
	"example.org/passerelle/services/access"
)

// fundList says which funds there are, as the ledger has them.
func fundList(ctx context.Context, i *installation, _ url.Values, out io.Writer) error {
	funds, err := i.funds(ctx)
	if err != nil {
		return err
	}
	if len(funds) == 0 {
		fmt.Fprintln(out, noFund)
		return nil
	}
	service := access.New(i.engine(live.Service))
	for _, f := range funds {
		administrators, err := service.Administrators(ctx, f.ID)
		if err != nil {
			return err
		}
		fmt.Fprintf(out, "%s: %s; departments %s; an erased person's key is destroyed after %d days; administrators: %s\n",
			f.ID, f.Name, strings.Join(f.Departments, ", "), f.ErasureDays, administrators)
	}
	return nil
}

// funds are all, as of the end of the ledger.
func (i *installation) funds(ctx context.Context) ([]directory.Fund, error) {
	var b directory.Builder
	const most = 1000
	for after := int64(0); ; {
		batch, err := i.ledgers[live.Service].Read(ctx, after, most)
		if err != nil || len(batch) == 0 {
			return b.Build().Funds(), err
		}
		for _, e := range batch {
			after = e.Position
			if e.Name != events.Name(events.FundRegistered{}) {
				continue
			}
			fact, err := events.Decode(e.Name, e.Data, nil)
			if err != nil {
				return nil, err
			}
			b.Apply(fact)
		}
	}
}

// fundRegister lets a fund work with Passerelle.
func fundRegister(ctx context.Context, i *installation, args url.Values, out io.Writer) error {
	days, err := strconv.Atoi(args.Get("erasure-days"))
	if err != nil {
		return fmt.Errorf("--erasure-days is %q: give a number of days", args.Get("erasure-days"))
	}
	return i.tellDirectory(ctx, func(s *access.Service) error {
		return s.RegisterFund(ctx, args.Get("id"), args.Get("name"), args["departments"], days)
	}, out, fmt.Sprintf("%s is registered. Next: %s", args.Get("id"), inviteFirst(args.Get("id"))))
}

// fundInvite invites an administrator.
func fundInvite(ctx context.Context, i *installation, args url.Values, out io.Writer) error {
	return i.tellDirectory(ctx, func(s *access.Service) error {
		return s.InviteFirst(ctx, args.Get("fund"), args.Get("email"), args.Get("name"))
	}, out, "Invited. Tell the person the address of the portal: the first sign-in with that e-mail address takes the role.")
}

// tellDirectory lets the operator change the directory, here or beside the services that run.
func (i *installation) tellDirectory(ctx context.Context, change func(*access.Service) error, out io.Writer, done string) error {
	if i.serving == nil {
		if err := i.compareCopies(ctx); err != nil {
			return err
		}
	}
	if err := change(access.New(i.engine(live.Service))); err != nil {
		return oneLineOf(err)
	}
	if i.serving == nil {
		if err := i.sendDirectory(ctx); err != nil {
			return err
		}
	}
	_, err := fmt.Fprintln(out, done)
	return err
}

// oneLineOf says what is wrong with each option; a refusal says it itself.
func oneLineOf(err error) error {
	var faults refusal.Faults
	if !errors.As(err, &faults) {
		return err
	}
	parts := make([]string, len(faults))
	for n, f := range faults {
		parts[n] = "--" + f.Field + ": " + f.Detail
	}
	return errors.New(strings.Join(parts, " "))
}

const noFund = "No fund works with Passerelle yet. Next: passerelle fund register --id carsat-lr --name \"Carsat Languedoc-Roussillon\" --departments 11,30,34,48,66"

func inviteFirst(fund string) string {
	return fmt.Sprintf("passerelle fund invite --fund %s --email … --name …, for its first administrator", fund)
}

// sayEmpty tells what comes first where nobody works yet.
func (i *installation) sayEmpty(ctx context.Context, out io.Writer) error {
	if i.config.Demo != "off" {
		return nil
	}
	funds, err := i.funds(ctx)
	if err != nil || len(funds) > 0 {
		return err
	}
	_, err = fmt.Fprintf(out, "  The directory is empty, and nobody can work here.\n  %s\n  Then: %s.\n", noFund, inviteFirst("carsat-lr"))
	return err
}

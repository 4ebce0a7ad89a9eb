package platform

import (
	"context"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"net/url"
	"strings"

	"example.org/passerelle/pkg/accesslog"
	"example.org/passerelle/pkg/web"
)

const accessSchema = "accesslog"

// accesses are the access logs of the services that answer here.
type accesses map[string]*accesslog.Log

func (i *installation) accessConfig() accesslog.Config {
	return accesslog.Config{Schema: accessSchema, Key: i.secrets.chain, Clock: i.clock}
}

func (i *installation) archive() *accesslog.Archive {
	return accesslog.NewArchive(i.pool, i.accessConfig())
}

// logAccesses lets a server log what its services do with personal data.
func (i *installation) logAccesses(c *web.Config) {
	i.accesses = accesses{}
	for _, s := range i.hosted {
		i.accesses[s.name] = accesslog.Open(i.pool, i.accessConfig(), s.name)
	}
	c.Access, c.Actor = i.accesses.write, i.roleAndFund
}

// write gives entries to the log of their service; those of one request are of one service.
func (a accesses) write(ctx context.Context, entries ...accesslog.Entry) error {
	log, ok := a[entries[0].Service]
	if !ok {
		return fmt.Errorf("%w: %s has none here", accesslog.ErrAway, entries[0].Service)
	}
	return log.Write(ctx, entries...)
}

func (a accesses) close(ctx context.Context) {
	for _, log := range a {
		_ = log.Close(ctx)
	}
}

// roleAndFund is whom the access log knows a caller as: all roles of today, since nobody says which one is meant.
func (i *installation) roleAndFund(ctx context.Context) (role, fund string) {
	account, _ := i.directory.Now().Account(web.Account(ctx), i.clock.Now())
	var roles []string
	for _, role := range account.Roles() {
		roles = append(roles, string(role))
	}
	return strings.Join(roles, " "), account.Fund
}

// accesslogVerify reads every row of the access log.
func accesslogVerify(ctx context.Context, i *installation, _ url.Values, out io.Writer) error {
	report, err := i.archive().Verify(ctx)
	if err != nil {
		return err
	}
	for _, h := range report.Heads {
		state := "open"
		switch {
		case h.Purged != nil:
			state = "purged"
		case h.Closed != nil:
			state = "closed"
		}
		fmt.Fprintf(out, "%s %s: %d rows, %s, ends with %s\n", h.Month, h.Service, h.Position, state, hex.EncodeToString(h.Link))
	}
	fmt.Fprintf(out, "%d rows are as they were written\n", report.Rows)
	return nil
}

// accesslogPurge drops the months that are old enough.
func accesslogPurge(ctx context.Context, i *installation, _ url.Values, out io.Writer) error {
	due, err := i.archive().Due(ctx)
	if err != nil {
		return err
	}
	for _, month := range due {
		if err := i.archive().Purge(ctx, month); err != nil {
			return err
		}
		fmt.Fprintf(out, "%s: purged; its last hashes stay\n", month)
	}
	if len(due) == 0 {
		fmt.Fprintf(out, "nothing to purge: rows are kept for %d months\n", accesslog.Kept)
	}
	return nil
}

// accessLog says whether the access log is as it was written.
func (x *examination) accessLog(ctx context.Context) error {
	report, err := x.archive().Verify(ctx)
	var broken *accesslog.Broken
	switch {
	case errors.As(err, &broken):
		x.bad("%v: somebody changed it behind the program's back; keep a copy of the database, and tell the privacy officer", broken)
		return nil
	case err != nil:
		return err
	}
	x.well("access log: %d rows are as they were written", report.Rows)
	due, err := x.archive().Due(ctx)
	if len(due) > 0 {
		x.note("access log: %d months are more than %d months old: `passerelle accesslog purge`", len(due), accesslog.Kept)
	}
	return err
}

package access

import (
	"context"
	"fmt"
	"strconv"
	"time"

	"example.org/passerelle/pkg/accesslog"
	"example.org/passerelle/pkg/feed"
	"example.org/passerelle/pkg/lease"
	"example.org/passerelle/pkg/paris"
)

// Who opened many persons and worked on none is listed each week, in the access log itself: so the list is as durable,
// as hard to change and as old at most as what it was made from. A week in which nobody did has a line, too.
const (
	busyAccount = "busy-lookups" // in whose name the lines are
	busyWhat    = "listBusyWeekly"
	busyLeast   = 20 // persons
	busyWeeks   = 8  // that are caught up with
	busyAgain   = time.Hour
	busySoon    = time.Second
)

// listBusyWeekly looks at each week when it is over. One process does.
func (s *Service) listBusyWeekly(ctx context.Context) error {
	own := lease.New(lease.Config{Pool: s.Pool, Schema: s.Heard(), Name: "busy", Owner: s.Owner})
	for ctx.Err() == nil {
		held, release, err := own.Hold(ctx)
		if err != nil {
			continue
		}
		s.lookWeekly(held)
		release()
	}
	return nil
}

func (s *Service) lookWeekly(ctx context.Context) {
	var listed time.Time
	for ctx.Err() == nil {
		moved, wait := s.Clock.Moved(), busyAgain // before the time is read
		if week := monday(s.Clock.Now()); !week.Equal(listed) {
			if err := s.listBusy(ctx, week); err != nil {
				wait = busySoon
				s.Log.Warn("busy look-ups were not listed", "reason", feed.Reason(err))
			} else {
				listed = week
			}
		}
		select {
		case <-ctx.Done():
		case <-moved:
		case <-time.After(wait):
		}
	}
}

// monday is when the week of a moment began.
func monday(at time.Time) time.Time {
	d := at.In(paris.Location)
	return time.Date(d.Year(), d.Month(), d.Day()-int(d.Weekday()+6)%7, 0, 0, 0, 0, paris.Location)
}

// listBusy lists, for each fund, the weeks that ended by a Monday and are not listed yet.
func (s *Service) listBusy(ctx context.Context, end time.Time) error {
	for _, fund := range s.Directory().Funds() {
		from, err := s.unlisted(ctx, fund.ID, end)
		for ; err == nil && from.Before(end); from = from.AddDate(0, 0, 7) {
			err = s.listWeek(ctx, fund.ID, from)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", fund.ID, err)
		}
	}
	return nil
}

// unlisted is the first week of a fund that is not listed; of a fund without any, the last one.
func (s *Service) unlisted(ctx context.Context, fund string, end time.Time) (time.Time, error) {
	first := end.AddDate(0, 0, -7*busyWeeks)
	one := accesslog.Filter{Actor: busyAccount, Fund: fund, From: first} // nearly always there: a few months to look at instead of all
	rows, err := s.Accesses.Read(ctx, one, nil, 1)
	if one.From = (time.Time{}); err == nil && len(rows) == 0 {
		rows, err = s.Accesses.Read(ctx, one, nil, 1)
	}
	if err != nil || len(rows) == 0 {
		return end.AddDate(0, 0, -7), err
	}
	last, err := time.ParseInLocation(time.DateOnly, rows[0].RequestID, paris.Location)
	if last.Before(first) {
		return first, err
	}
	return last.AddDate(0, 0, 7), err
}

func (s *Service) listWeek(ctx context.Context, fund string, from time.Time) error {
	busy, err := s.Accesses.BusyLookups(ctx, fund, from, from.AddDate(0, 0, 7), busyLeast)
	if err != nil {
		return err
	}
	line := accesslog.Entry{
		Actor: busyAccount, Fund: fund, Purpose: "privacy", Action: accesslog.Read, What: busyWhat, RequestID: from.Format(time.DateOnly),
	}
	if len(busy) == 0 {
		return s.Note(ctx, line)
	}
	lines := make([]accesslog.Entry, len(busy))
	for i, b := range busy {
		lines[i] = line
		lines[i].Resource, lines[i].Fields = "account:"+b.Actor, []string{strconv.Itoa(b.Opened)}
	}
	return s.Note(ctx, lines...)
}

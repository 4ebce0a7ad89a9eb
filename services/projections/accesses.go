package projections

import (
	"context"
	"time"

	"example.org/passerelle/pkg/accesslog"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
	"example.org/passerelle/services/reference"
)

// ListAccesses gives what the accounts of the caller's fund did with personal data; of one person, what anybody did.
func (s *Service) ListAccesses(ctx context.Context, request rest.ListAccessesRequestObject) (rest.ListAccessesResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadAccesses)
	if err != nil {
		return nil, err
	}
	p := request.Params
	f := accesslog.Filter{Actor: the(p.Actor), Person: the(p.Person), Fund: a.Fund}
	if f.From, f.To, err = days(p.From, p.To); err != nil {
		return nil, err
	}
	if p.Reference != nil {
		if f.Person, err = s.personOf(ctx, a.Fund, *p.Reference); err != nil {
			return nil, err
		}
	}
	if f.Person != "" {
		if err := s.mayReadAccessesOf(ctx, f.Person); err != nil {
			return nil, err
		}
		f.Fund = ""
	}
	page, err := s.accesses(ctx, f)
	return rest.ListAccesses200JSONResponse(page), err
}

// ListAccessesOfPerson gives what anybody did with the data of somebody of the caller's fund.
func (s *Service) ListAccessesOfPerson(ctx context.Context, request rest.ListAccessesOfPersonRequestObject) (rest.ListAccessesOfPersonResponseObject, error) {
	ctx, _, err := s.caller(ctx, policy.ReadAccesses)
	if err != nil {
		return nil, err
	}
	if err := s.mayReadAccessesOf(ctx, request.ID); err != nil {
		return nil, err
	}
	page, err := s.accesses(ctx, accesslog.Filter{Person: request.ID})
	return rest.ListAccessesOfPerson200JSONResponse(page), err
}

// personOf is who a flag of the fund is about.
func (s *Service) personOf(ctx context.Context, fund, reference string) (string, error) {
	flag, err := one[flagRow](ctx, s, ErrNoPerson, flagOfReference, referenceOf(reference), fund)
	if err == nil && flag.PersonID == nil {
		err = ErrNoPerson
	}
	return the(flag.PersonID), err
}

var flagOfReference = `select ` + flagColumns + ` from model.flag f` + flagJoins + ` where f.reference = $1 and f.fund = $2`

// mayReadAccessesOf: a person of another fund is one that does not exist.
func (s *Service) mayReadAccessesOf(ctx context.Context, person string) error {
	a := s.account(ctx)
	_, err := web.Find(ctx, func(ctx context.Context) (personRow, error) {
		row, err := one[personRow](ctx, s, ErrNoPerson, onePerson, person)
		if err == nil && policy.Can(a, policy.ReadAccesses, policy.Resource{Fund: row.Fund}) != policy.Allowed {
			err = ErrNoPerson
		}
		return row, err
	})
	if err == nil {
		web.Concerns(ctx, person)
	}
	return err
}

func (s *Service) accesses(ctx context.Context, f accesslog.Filter) (page rest.AccessPage, err error) {
	var after accesslog.Place
	asked, err := web.PageOf(ctx, &after)
	if err != nil {
		return page, err
	}
	from := &after
	if asked.First {
		from = nil
	}
	rows, err := s.Accesses.Read(ctx, f, from, asked.Limit+1)
	if err != nil {
		return page, engine.Away(err)
	}
	page.PersonID = known(f.Person)
	rows, page.Next = cut(rows, asked, func(r accesslog.Row) any { return r.Place() })
	page.Items = make([]rest.AccessLine, len(rows))
	for i, r := range rows {
		page.Items[i] = accessLine(r, f.Person)
	}
	return page, nil
}

func accessLine(r accesslog.Row, person string) rest.AccessLine {
	line := rest.AccessLine{
		At: r.At, Actor: r.Actor, Role: r.Role, Fund: known(r.Fund), Purpose: r.Purpose, Action: r.Action, What: r.What,
		Resource: known(r.Resource), Persons: listOf(r.Subjects), Fields: listOf(r.Fields), RequestID: r.RequestID,
	}
	if person != "" {
		line.Persons = []string{person}
	}
	return line
}

// days are the moments at which the first day begins and the last one is over.
func days(first, last *string) (from, to time.Time, err error) {
	if first != nil {
		if from, err = time.ParseInLocation(time.DateOnly, *first, reference.Paris); err != nil {
			return from, to, err
		}
	}
	if last != nil {
		if to, err = time.ParseInLocation(time.DateOnly, *last, reference.Paris); err != nil {
			return from, to, err
		}
		to = to.AddDate(0, 0, 1)
	}
	return from, to, nil
}

const (
	busyDays  = 7
	busyLeast = 20
)

// ListBusyLookups gives the accounts of the caller's fund that opened many and wrote about none.
func (s *Service) ListBusyLookups(ctx context.Context, request rest.ListBusyLookupsRequestObject) (rest.ListBusyLookupsResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadAccesses)
	if err != nil {
		return nil, err
	}
	p, now := request.Params, s.Clock.Now()
	body := rest.BusyLookups{From: reference.Day(now.AddDate(0, 0, 1-busyDays)), To: reference.Day(now), Least: busyLeast, Items: []rest.BusyLookup{}}
	if p.From != nil {
		body.From = *p.From
	}
	if p.To != nil {
		body.To = *p.To
	}
	if p.Least != nil {
		body.Least = *p.Least
	}
	from, to, err := days(&body.From, &body.To)
	if err != nil {
		return nil, err
	}
	busy, err := s.Accesses.BusyLookups(ctx, a.Fund, from, to, body.Least)
	for _, b := range busy {
		body.Items = append(body.Items, rest.BusyLookup{Actor: b.Actor, Role: b.Role, Persons: b.Opened})
	}
	return rest.ListBusyLookups200JSONResponse(body), engine.Away(err)
}

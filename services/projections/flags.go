package projections

import (
	"context"
	"errors"
	"time"

	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/policy"
	"example.org/passerelle/services/projections/rest"
)

// flagRow is a flag as lists have it.
type flagRow struct {
	sealedPerson

	ID, Reference                                      string
	Fund, Programme, Desk, Department, Channel, Author string
	FindingDate, Status, Help                          string
	Deadline                                           *string
	MayRefer, Unreviewed                               bool
	SubmittedAt                                        time.Time
	AssignedTo, Outcome                                *string
	StatusAt, HelpAt                                   *time.Time
}

var flagPerson, flagJoins = personOf("f.person_id")

var flagColumns = `f.id, f.reference, f.fund, f.programme, f.desk, f.department, f.channel, f.author, f.finding_date,
  f.status, f.help, f.deadline, f.may_refer, f.unreviewed, f.submitted_at, f.assigned_to, f.outcome, f.status_at, f.help_at, ` + flagPerson

var flagReach = columns{desk: "f.desk = reach.value", author: "f.author = reach.value"}

func (f flagRow) resource() policy.Resource {
	return policy.Resource{Fund: f.Fund, Department: f.Department, Desk: f.Desk, Author: f.Author}
}

// shownTo leaves the state alone where the caller may not read about the person.
func (f *flagRow) shownTo(a directory.Account) (full bool) {
	if policy.Can(a, policy.ReadPerson, f.resource()) == policy.Allowed {
		return true
	}
	f.sealedPerson, f.Deadline, f.AssignedTo = sealedPerson{}, nil, nil
	return false
}

// flagPlace is where a page of flags ended. At is set in the order of age.
type flagPlace struct {
	At time.Time `json:"at,omitzero"`
	ID string    `json:"id"`
}

// ListFlags gives the flags of the caller's desks, or those that the caller made.
func (s *Service) ListFlags(ctx context.Context, request rest.ListFlagsRequestObject) (rest.ListFlagsResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadFlag)
	if err != nil {
		return nil, err
	}
	var after flagPlace
	page, err := web.PageOf(ctx, &after)
	if err != nil {
		return nil, err
	}
	now, byAge := s.Clock.Now(), request.Params.Sort != nil
	f := flagFilter(request.Params, now)
	if account := request.Params.AssignedTo; account != nil { // who has left, has left it to the whole desk
		f.and("f.assigned_to = ? and f.desk = any(?)", *account, s.desksOf(*account))
	}
	l := listing{table: "model.flag f", name: "f", order: "f.id desc", columns: flagColumns, joins: flagJoins}
	if byAge {
		l.order = "f.submitted_at, f.id"
	}
	switch {
	case page.First:
	case byAge:
		f.and("(f.submitted_at, f.id) > (?, ?)", after.At, after.ID)
	default:
		f.and("f.id < ?", after.ID)
	}
	rows, err := all[flagRow](ctx, s, l.sql(s.reachesOf(flagReach, a, policy.ReadFlag), f, page.Limit+1), f.args...)
	if err != nil {
		return nil, err
	}
	rows, next := cut(rows, page, func(f flagRow) any {
		if byAge {
			return flagPlace{f.SubmittedAt, f.ID}
		}
		return flagPlace{ID: f.ID}
	})
	for i := range rows {
		rows[i].shownTo(a)
	}
	items, err := s.flagLines(ctx, rows, now)
	if err == nil {
		err = s.putHints(ctx, a, items)
	}
	return rest.ListFlags200JSONResponse{Items: items, Next: next}, err
}

func flagFilter(p rest.ListFlagsParams, now time.Time) *filter {
	f := &filter{}
	f.and(seenFlag)
	f.same("f.status", p.Status)
	f.same("f.help", p.Help)
	f.same("f.programme", p.Programme)
	f.same("f.desk", p.Desk)
	f.same("f.desk", p.Unit) // a unit is a desk
	f.same("f.department", p.Department)
	f.same("f.channel", p.Channel)
	if p.OlderThan != nil {
		f.and("f.submitted_at < ?", midnight(now, -*p.OlderThan))
	}
	return f
}

func (s *Service) flagLines(ctx context.Context, rows []flagRow, now time.Time) ([]rest.FlagLine, error) {
	persons, err := open(ctx, s, rows)
	if err != nil {
		return nil, err
	}
	pasts, err := s.pasts(ctx, rows)
	if err != nil {
		return nil, err
	}
	lines := make([]rest.FlagLine, len(rows))
	for i, f := range rows {
		web.Concerns(ctx, the(f.PersonID))
		lines[i] = rest.FlagLine{
			ID: f.ID, Reference: f.Reference, PersonID: f.PersonID, Person: persons.name(f.PersonID), Programme: f.Programme, Fund: f.Fund,
			Desk: f.Desk, Department: f.Department, Channel: f.Channel, FindingDate: f.FindingDate, Status: f.Status, Help: f.Help,
			Deadline: f.Deadline, AgeDays: daysSince(f.SubmittedAt, now), SubmittedAt: f.SubmittedAt.UTC(),
			AssignedTo: s.assigned(f), Outcome: f.Outcome, NextStep: s.step(f, nextsOf(pasts[f.ID])), ReviewHints: []string{},
		}
	}
	return lines, nil
}

// flagSheet is a flag with its sheet.
type flagSheet struct {
	flagRow

	Subject, Reviewer *string
	Box               []byte
	NoteBox, WishBox  []byte
	Fact              string
	Version           int
}

var sheetOfFlag = flagColumns + `, f.subject, f.reviewer, f.box, f.note_box, f.wish_box, f.fact, f.version`

var oneFlag = `select ` + sheetOfFlag + ` from model.flag f` + flagJoins + ` where f.id = $1 and ` + seenFlag

// flagPage is a flag with what was said with its person.
type flagPage struct {
	flagSheet

	Contacts []contactRow
}

var oneFlagPage = `select ` + sheetOfFlag + `, ` + contactsWith + ` from model.flag f` + flagJoins + ` where f.id = $1 and ` + seenFlag

// GetFlag gives one flag with its sheet, its referrals and its history.
func (s *Service) GetFlag(ctx context.Context, request rest.GetFlagRequestObject) (rest.GetFlagResponseObject, error) {
	ctx, a, err := s.caller(ctx, policy.ReadFlag)
	if err != nil {
		return nil, err
	}
	row, err := web.Find(ctx, func(ctx context.Context) (flagPage, error) {
		row, err := one[flagPage](ctx, s, ErrNoFlag, oneFlagPage, request.ID)
		web.Concerns(ctx, the(row.PersonID))
		if errors.Is(err, ErrNoFlag) {
			return row, s.refusedFlag(ctx, request.ID, err)
		}
		if err == nil && policy.Can(a, policy.ReadFlag, row.resource()) != policy.Allowed {
			err = ErrNoFlag
		}
		return row, err
	})
	if err != nil {
		return nil, err
	}
	flag, err := s.flag(ctx, a, row)
	return rest.GetFlag200JSONResponse{Body: flag, Headers: rest.GetFlag200ResponseHeaders{ETag: web.ETag("flag", row.Version)}}, err
}

// refusedFlag notes, for the access log, of whom a flag is that the caller does not see.
func (s *Service) refusedFlag(ctx context.Context, id string, refused error) error {
	persons, err := s.ids(ctx, `select coalesce(model.whose($1), '') as id`, id)
	if err != nil {
		return err
	}
	web.Concerns(ctx, persons...)
	return refused
}

func (s *Service) flag(ctx context.Context, a directory.Account, row flagPage) (flag rest.Flag, err error) {
	if !row.shownTo(a) {
		return s.stateOnly(row.flagSheet), nil
	}
	if flag, err = s.sheet(ctx, row.flagSheet); err != nil {
		return flag, err
	}
	referrals, err := s.referralsOf(ctx, a, "r.flag_id = ?", row.ID)
	if err != nil {
		return flag, err
	}
	if flag.Referrals, err = s.referralLines(ctx, referrals); err != nil {
		return flag, err
	}
	flag.NextStep = s.step(row.flagRow, nexts(referrals))
	if err := s.helped(ctx, row.flagSheet, &flag); err != nil {
		return flag, err
	}
	if flag.Contacts, err = s.contacts(ctx, s.hears(a, row.flagRow), row.Contacts, referrals); err != nil {
		return flag, err
	}
	flag.History, err = s.history(ctx, historyOfFlag, row.ID)
	return flag, err
}

// stateOnly is a flag without anything of the person, of the answers, or of who did what.
func (s *Service) stateOnly(f flagSheet) rest.Flag {
	return rest.Flag{
		ID: f.ID, Reference: f.Reference, Programme: f.Programme, Fund: f.Fund, Desk: f.Desk, Department: f.Department, Channel: f.Channel,
		FindingDate: f.FindingDate, Status: f.Status, Help: f.Help, Author: f.Author, SubmittedAt: f.SubmittedAt.UTC(),
		NextStep: s.step(f.flagRow, nil), Outcome: f.Outcome, Context: []string{}, ReviewHints: []string{}, Referrals: []rest.ReferralLine{}, History: []rest.HistoryLine{},
		HelpActs: []rest.HelpActed{}, Signals: []rest.Signal{}, Contacts: []rest.PersonContact{},
		Thread: []rest.ThreadLine{}, NeedsReview: !f.Unreviewed,
	}
}

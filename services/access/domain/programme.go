package domain

import (
	"bytes"
	"encoding/json"
	"slices"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/directory"
	"example.org/passerelle/pkg/refusal"
)

var (
	// ErrProgrammeExists says that the identifier is in use, here or in another fund.
	ErrProgrammeExists = refusal.New(refusal.Conflict, "programme_exists", "There is a programme with this identifier. Choose another one, or amend that programme.")
	// ErrNoProgramme says that nobody has made the programme.
	ErrNoProgramme = refusal.New(refusal.NotFound, "unknown_programme", "There is no such programme. Look for it in the list of programmes.")
	// ErrProgrammeClosed says that what a campaign has found is published.
	ErrProgrammeClosed = refusal.New(refusal.Conflict, "campaign_closed", "This campaign is closed, and what it found is published. Make another programme.")
	// ErrOldVersion says that somebody else has amended the programme since.
	ErrOldVersion = refusal.New(refusal.Conflict, "old_version", "Somebody has amended this programme since. Read it again, and decide on that version.")
)

// Programme is one with all its versions. What was flagged under a version keeps it.
type Programme struct {
	versions []events.ProgrammeSet // the last one holds
}

// EvolveProgramme is the programme after a fact of its own; the others are in other streams.
func EvolveProgramme(p Programme, fact events.Access) Programme {
	if e, ok := fact.(events.ProgrammeSet); ok {
		p.versions = append(slices.Clip(p.versions), e)
	}
	return p
}

// Known tells whether the programme was made.
func (p Programme) Known() bool { return len(p.versions) > 0 }

// Now is the version that holds, an empty one for none.
func (p Programme) Now() (now events.ProgrammeSet) {
	if p.Known() {
		now = p.versions[len(p.versions)-1]
	}
	return now
}

// Versions are all, the first one first.
func (p Programme) Versions() []events.ProgrammeSet { return slices.Clone(p.versions) }

// hasTakenFlags tells whether anybody can have been flagged under it.
func (p Programme) hasTakenFlags() bool {
	return slices.ContainsFunc(p.versions, func(v events.ProgrammeSet) bool { return v.TakesFlags })
}

// MakeProgramme begins one. Rules holds all but its fund, its version and who decides when.
type MakeProgramme struct {
	Rules events.ProgrammeSet
	Fund  directory.Fund
	Desks []directory.Desk // of the fund
}

// Decide tells the first version, or every fault.
func (m MakeProgramme) Decide(p Programme) ([]events.Access, error) {
	if p.Known() {
		return nil, ErrProgrammeExists
	}
	e := complete(m.Rules)
	e.Fund, e.Version = m.Fund.ID, 1
	f := programmeFaults{within: m.Fund, desks: m.Desks}
	f.identifier(e.Programme)
	f.rules(e)
	if err := f.OrNil(); err != nil {
		return nil, err
	}
	return tell(e)
}

// AmendProgramme sets all rules of a programme anew, from the version that was read.
type AmendProgramme struct {
	Seen  int // version
	Rules events.ProgrammeSet
	Fund  directory.Fund
	Desks []directory.Desk
}

// Decide tells the next version, or every fault. The same rules by the same decision are nothing new.
func (a AmendProgramme) Decide(p Programme) ([]events.Access, error) {
	now := p.Now()
	switch {
	case !p.Known() || now.Fund != a.Fund.ID:
		return nil, ErrNoProgramme
	case now.Closed:
		return nil, ErrProgrammeClosed
	case a.Seen != 0 && a.Seen != now.Version:
		return nil, ErrOldVersion
	}
	e := complete(a.Rules)
	e.Fund, e.Programme, e.Version = now.Fund, now.Programme, now.Version+1
	f := programmeFaults{within: a.Fund, desks: a.Desks}
	f.fault(a.Seen == 0, "version", "required", "Say which version you have read.")
	f.rules(e)
	f.change(p, e)
	if err := f.OrNil(); err != nil {
		return nil, err
	}
	if sameRules(now, e) {
		return nil, nil
	}
	return tell(e)
}

func sameRules(old, e events.ProgrammeSet) bool {
	e.Version, e.By, e.At = old.Version, old.By, old.At
	before, errBefore := json.Marshal(old)
	after, errAfter := json.Marshal(e)
	return errBefore == nil && errAfter == nil && bytes.Equal(before, after)
}

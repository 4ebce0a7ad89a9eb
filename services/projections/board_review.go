package projections

import (
	"time"

	"example.org/passerelle/api/events"
)

// What the facts of a review write.
const (
	setStatus   = `update model.flag set status = $2, version = $3, status_at = $4 where id = $1`
	setReviewer = `update model.flag set reviewer = $2 where id = $1`
	// What was erased meanwhile stays so.
	amendFlag = `
update model.flag set status = $2, version = $3, deadline = $4, may_refer = $5, reviewer = null, fact = $6, box = case when subject is null then null else $7::bytea end, status_at = $8
where id = $1`
	setFlagVersion = `update model.flag set version = $2 where id = $1`
	addThread      = `
insert into model.thread (position, flag_id, at, what, by, reason, subject, box, fact) values ($1, $2, $3, $4, $5, $6, $7, $8, $9)`
)

// review writes what referent and author tell.
func (e entry) review(fact events.Fact) {
	switch f := fact.(type) {
	case events.FlagReturned:
		e.write(setStatus, f.FlagID, "returned", e.Version, f.At)
		e.wrote(f.FlagID, f.At, "returned", f.By, "", f.Details)
	case events.FlagAmended:
		e.write(amendFlag, f.FlagID, f.Status, e.Version, known(f.Deadline), f.MayRefer, e.Name, f.Details.Box(), f.At)
		e.wrote(f.FlagID, f.At, "amended", f.By, "", f.Details)
	case events.FlagReclassified:
		e.write(setFlagVersion, f.FlagID, e.Version)
		e.wrote(f.FlagID, f.At, "reclassified", f.By, "", f.Details)
	case events.FlagDismissed:
		e.write(setStatus, f.FlagID, "dismissed", e.Version, f.At)
		e.write(setReviewer, f.FlagID, f.By)
		e.wrote(f.FlagID, f.At, "dismissed", f.By, f.Reason, f.Details)
	case events.FlagWithdrawn:
		e.write(setStatus, f.FlagID, "withdrawn", e.Version, f.At)
		e.tell(line{flag: f.FlagID, at: f.At, what: "withdrawn", by: f.By})
	case events.ReviewReminded:
		e.write(setFlagVersion, f.FlagID, e.Version)
		e.tell(line{flag: f.FlagID, at: f.At, what: "review_reminded", about: f.Reason})
	}
}

// details are sealed ones, whatever is inside.
type details interface {
	Subject() string
	Box() []byte
}

// wrote adds a line to the history of a flag, and what was written to its thread.
func (e entry) wrote(flag string, at time.Time, what, by, reason string, sealed details) {
	e.tell(line{flag: flag, at: at, what: what, by: by, about: reason})
	e.write(addThread, e.Position, flag, at, what, by, known(reason), known(sealed.Subject()), sealed.Box(), e.Name)
}

package projections

import (
	"time"

	"example.org/passerelle/api/events"
)

const (
	putItem   = `insert into model.item (id, pool, kind, asset_tag, serial) values ($1, $2, $3, $4, $5)`
	itemState = `update model.item set state = $2, missing = false where id = $1`
	itemBack  = `
update model.item set state = $2, missing = false where id = $1
  and not exists (select from model.loan l where l.item_id = $1 and l.id <> $3 and l.lent_at is not null and l.returned_at is null and not l.lost)`
	itemGone = `
update model.item set state = 'lost', missing = false where id = $1 and exists (select from model.loan l where l.id = $2 and not l.lost)`
	itemFound = `update model.item set missing = false, state = case when state = 'lost' then 'to_reset' else state end where id = $1`
	itemMoved = `update model.item set pool = $2 where id = $1`
	putCount  = `insert into model.stocktake values ($1, $2, $3, $4, $5, $6, $7)`
	countHere = `update model.item set missing = (id = any($2::text[])), state = case when state = 'lost' and not id = any($2::text[]) then 'to_reset' else state end
where id = any($1::text[] || $2::text[])`

	putLoan = `
insert into model.loan (id, pool, item_id, session_id, referral_id, person_id, from_day, to_day, since, own, first, asked)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
on conflict (id) do update set item_id = excluded.item_id, from_day = excluded.from_day, to_day = excluded.to_day, since = excluded.since`
	lend = `
update model.loan set item_id = $2, lent_at = $3, from_day = case when $4::text = '' then from_day else least(from_day, $4::text) end, condition = $5, accessories = $6 where id = $1`
	giveBack = `update model.loan set returned_at = $2, condition = $3, lost = false where id = $1`
	swapLoan = `update model.loan set item_id = $2 where id = $1`
	extend   = `update model.loan set to_day = $2, late = null, late_at = null where id = $1`
	noteLate = `update model.loan set late = $2, late_at = $3 where id = $1`
	loseLoan = `update model.loan set lost = true where id = $1`
	writeOff = `update model.loan set written_off = true, returned_at = $2, decision = $3 where id = $1`
	release  = `delete from model.loan where id = $1`
)

func (e entry) equipment(fact events.Equipment) {
	e.itemLine(fact)
	switch f := fact.(type) {
	case events.ItemRegistered:
		e.write(putItem, f.ItemID, f.Pool, f.Kind, f.AssetTag, known(f.Serial))
	case events.ItemReset:
		e.write(itemState, f.ItemID, "")
	case events.ItemSentToRepair:
		e.write(itemState, f.ItemID, "repair")
	case events.ItemGranted:
		e.write(itemState, f.ItemID, "granted")
	case events.ItemRetired:
		e.write(itemState, f.ItemID, "retired")
	case events.ItemFound:
		e.write(itemFound, f.ItemID)
	case events.ItemTransferred:
	case events.ItemReceived:
		e.write(itemMoved, f.ItemID, f.Pool)
	case events.StocktakeTaken:
		e.write(putCount, f.StocktakeID, f.Pool, f.At, listOf(f.Found), listOf(f.Missing), listOf(f.Unexpected), listOf(f.UnknownTags))
		e.write(countHere, append(listOf(f.Found), f.Unexpected...), listOf(f.Missing))
	case events.TabletKept:
		e.write(putLoan, f.LoanID, f.Pool, f.ItemID, f.SessionID, f.ReferralID, f.PersonID, f.From, f.To, f.At, f.Own, f.First, e.Position)
		e.tellLoan(f.ReferralID, f.At, "tablet_kept", "", f.ItemID)
	case events.TabletLacking:
		e.write(putLoan, f.LoanID, f.Pool, nil, f.SessionID, f.ReferralID, f.PersonID, f.From, f.To, f.At, f.Own, f.First, e.Position)
		e.tellLoan(f.ReferralID, f.At, "tablet_lacking", "", f.Pool)
	case events.TabletReleased:
		e.write(release, f.LoanID)
		e.tellLoan(f.ReferralID, f.At, "tablet_released", "", f.ItemID)
	case events.TabletHandedOver:
		e.write(lend, f.LoanID, f.ItemID, f.At, f.From, known(f.Condition), listOf(f.Accessories))
		e.tellLoan(f.ReferralID, f.At, "tablet_handed_over", f.By, f.ItemID)
	case events.TabletReturned, events.TabletSwapped, events.LoanExtended, events.LoanLate, events.LoanLost, events.LoanWrittenOff:
		e.loanOut(f)
	}
}

// loanOut is what becomes of a tablet that somebody has in hand.
func (e entry) loanOut(fact events.Equipment) {
	switch f := fact.(type) { //nolint:gochecksumtype // the others stand above
	case events.TabletReturned:
		e.write(giveBack, f.LoanID, f.At, known(f.Condition))
		e.write(itemBack, f.ItemID, cameBack(f.Condition), f.LoanID)
		e.tellLoan(f.ReferralID, f.At, "tablet_returned", f.By, f.ItemID)
	case events.TabletSwapped:
		e.write(swapLoan, f.LoanID, f.ItemID)
		e.write(itemState, f.WasID, cameBack(f.Condition))
		e.tellLoan(f.ReferralID, f.At, "tablet_swapped", f.By, f.ItemID)
	case events.LoanExtended:
		e.write(extend, f.LoanID, f.To)
		e.tellLoan(f.ReferralID, f.At, "loan_extended", f.By, f.To)
	case events.LoanLate:
		e.write(noteLate, f.LoanID, f.Kind, f.At)
		e.tellLoan(f.ReferralID, f.At, "loan_late", "", f.Kind)
	case events.LoanLost:
		e.write(loseLoan, f.LoanID)
		e.write(itemState, f.ItemID, "lost")
		e.tellLoan(f.ReferralID, f.At, "loan_lost", f.By, f.Reason)
	case events.LoanWrittenOff:
		e.write(itemGone, f.ItemID, f.LoanID) // one that was lost before may have turned up since
		e.write(writeOff, f.LoanID, f.At, f.Decision)
		e.tellLoan(f.ReferralID, f.At, "loan_written_off", f.By, f.ItemID)
	}
}

// cameBack is the state of an item that somebody had.
func cameBack(condition string) string {
	if condition == "broken" {
		return "repair"
	}
	return "to_reset"
}

// tellLoan adds to the history of a referral; an own participant of a provider has none.
func (e entry) tellLoan(referral string, at time.Time, what, by, about string) {
	if referral != "" {
		e.tell(line{referral: referral, at: at, what: what, by: by, about: about})
	}
}

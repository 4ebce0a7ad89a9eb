package projections

import (
	"time"

	"example.org/passerelle/api/events"
)

const (
	putItemLine   = `insert into model.item_line values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing`
	putItemsLines = `insert into model.item_line select id, $2, $3, $4, $5, null, null from unnest($1::text[]) id on conflict do nothing`
)

// itemLine adds to the history of an item. Of a write-off it says that there was one: the reference stays with the loan.
func (e entry) itemLine(fact events.Equipment) {
	switch f := fact.(type) {
	case events.ItemRegistered:
		e.happened(f.ItemID, f.At, "registered", f.By, f.Condition, "")
	case events.ItemReset:
		e.happened(f.ItemID, f.At, "reset", f.By, "", "")
	case events.ItemSentToRepair:
		e.happened(f.ItemID, f.At, "repair", f.By, f.Reason, "")
	case events.ItemRetired:
		e.happened(f.ItemID, f.At, "retired", f.By, f.Reason, "")
	case events.ItemGranted:
		e.happened(f.ItemID, f.At, "granted", f.By, "", "")
	case events.ItemFound:
		e.happened(f.ItemID, f.At, "found", f.By, "", "")
	case events.ItemTransferred:
		e.happened(f.ItemID, f.At, "transferred", f.By, f.ToPool, "")
	case events.ItemReceived:
		e.happened(f.ItemID, f.At, "received", f.By, f.FromPool, "")
	case events.StocktakeTaken:
		e.write(putItemsLines, append(listOf(f.Found), f.Unexpected...), e.Position, f.At, "counted", f.By)
		e.write(putItemsLines, listOf(f.Missing), e.Position, f.At, "missing", f.By)
	default:
		e.itemLent(fact)
	}
}

func (e entry) itemLent(fact events.Equipment) {
	switch f := fact.(type) { //nolint:gochecksumtype // what is done with an item stands above; who lacks one has none
	case events.TabletKept:
		e.happened(f.ItemID, f.At, "kept", "", "", f.LoanID)
	case events.TabletReleased:
		e.happened(f.ItemID, f.At, "released", "", "", f.LoanID)
	case events.TabletHandedOver:
		e.happened(f.ItemID, f.At, "handed_over", f.By, f.Condition, f.LoanID)
	case events.TabletReturned:
		e.happened(f.ItemID, f.At, "returned", f.By, f.Condition, f.LoanID)
	case events.TabletSwapped:
		e.happened(f.WasID, f.At, "swapped_out", f.By, f.Condition, f.LoanID)
		e.happened(f.ItemID, f.At, "swapped_in", f.By, "", f.LoanID)
	case events.LoanLate:
		e.happened(f.ItemID, f.At, "late", "", f.Kind, f.LoanID)
	case events.LoanExtended:
		e.happened(f.ItemID, f.At, "extended", f.By, f.To, f.LoanID)
	case events.LoanLost:
		e.happened(f.ItemID, f.At, "lost", f.By, f.Reason, f.LoanID)
	case events.LoanWrittenOff:
		e.happened(f.ItemID, f.At, "written_off", f.By, "", f.LoanID)
	}
}

// happened adds a line to the history of an item. A loan may be of none.
func (e entry) happened(item string, at time.Time, what, by, about, loan string) {
	if item != "" || loan == "" {
		e.write(putItemLine, item, e.Position, at, what, known(by), known(about), known(loan))
	}
}

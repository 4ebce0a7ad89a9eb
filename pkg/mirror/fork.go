package mirror

import "fmt"

// Fork says that ledger and stream tell two histories. Nothing repairs it but a person's decision.
type Fork struct {
	Service  string
	Position int64  // the first that differs
	LedgerID string // of the event there; empty: the ledger ends before
	StreamID string // empty: the stream ends before, or has a message there that no mirror wrote
	Head     int64  // last position of the ledger
	Last     int64  // last sequence of the stream
}

func (f *Fork) Error() string {
	return fmt.Sprintf("%s: ledger and stream differ from position %d on: %s; %s. Nothing was sent. "+
		"Decide which of the two is kept: `passerelle ledger recover --keep ledger --service %s` or `passerelle ledger recover --keep stream --service %s`",
		f.Service, f.Position, f.inLedger(), f.inStream(), f.Service, f.Service)
}

func (f *Fork) inLedger() string {
	if f.LedgerID == "" {
		return fmt.Sprintf("the ledger ends at %d", f.Head)
	}
	return fmt.Sprintf("the ledger (up to %d) has event %s there", f.Head, f.LedgerID)
}

func (f *Fork) inStream() string {
	switch {
	case f.StreamID != "":
		return fmt.Sprintf("the stream (up to %d) has event %s there", f.Last, f.StreamID)
	case f.Position > f.Last:
		return fmt.Sprintf("the stream ends at %d", f.Last)
	}
	return fmt.Sprintf("the stream (up to %d) has no event of ours there", f.Last)
}

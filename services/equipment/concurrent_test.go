package equipment

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"golang.org/x/sync/errgroup"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/ledger"
	"example.org/passerelle/pkg/testkit"
	"example.org/passerelle/services/equipment/domain"
)

const (
	keeps   = 200
	tablets = 20
)

type evolving = func(domain.Pool, events.Equipment) domain.Pool

type deciders = []*decider.Decider[domain.Pool, events.Equipment]

// processes are two services on one ledger.
func processes(t *testing.T, evolve evolving) (list deciders, book ledger.Ledger) {
	t.Helper()
	ctx, pool, schema := t.Context(), testkit.Pool(t), testkit.Schema(t)
	if err := ledger.Provision(ctx, pool, schema, Name); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		l, err := ledger.Open(ctx, pool, ledger.Config{Schema: schema, Service: Name, ChainKey: []byte("an invented key")})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = l.Close(context.Background()) })
		list, book = append(list, decider.New(l, plainly{}, decider.Aggregate[domain.Pool, events.Equipment]{
			Kind: "pool", Evolve: evolve, Claims: domain.Claims,
		})), l
	}
	return list, book
}

// plainly stores facts as they are: there are no details in these.
type plainly struct{}

func (plainly) Encode(_ context.Context, f events.Fact) ([]byte, error) {
	return events.Encode(f, func(events.Details) error { return nil })
}

func (plainly) Decode(_ context.Context, e ledger.Event) (events.Fact, error) {
	return events.Decode(e.Name, e.Data, nil)
}

// planting changes what a rule tells.
type planting struct {
	command

	plant func(events.Equipment) events.Equipment
}

func (p planting) Decide(pool domain.Pool) ([]events.Equipment, error) {
	facts, err := p.command.Decide(pool)
	for i := range facts {
		if p.plant != nil {
			facts[i] = p.plant(facts[i])
		}
	}
	return facts, err
}

func december(n int) string {
	return time.Date(2021, 12, 1+n, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
}

var monday = domain.Act{Pool: "provider-a", By: "provider-a", Today: "2021-11-15", At: sixth.AddDate(0, 0, -21)}

// rush has everybody ask at once, in two processes, while some give back what they have and tablets go to repair and return.
func rush(t *testing.T, seed uint64, evolve evolving, plant func(events.Equipment) events.Equipment) []events.Equipment {
	t.Helper()
	d, book := processes(t, evolve)
	tell := func(ctx context.Context, n int, c command) error {
		_, err := d[n%len(d)].Handle(ctx, "provider-a", planting{c, plant}, decider.Call[domain.Pool]{})
		return err
	}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	defer cancel()
	for n := range tablets {
		if err := tell(ctx, n, domain.RegisterItem{Act: monday, ItemID: fmt.Sprint("i", n), Kind: "tablet", AssetTag: fmt.Sprint("T-", n)}); err != nil {
			t.Fatal(err)
		}
	}
	var all errgroup.Group
	for n := range keeps {
		random := rand.New(rand.NewPCG(seed, uint64(n)))
		all.Go(func() error {
			from, who := random.IntN(12), fmt.Sprint("r", n)
			err := tell(ctx, n, domain.KeepTablet{
				Act: monday, LoanID: "l" + who, SessionID: "s1", ReferralID: who, PersonID: "p1", From: december(from), To: december(from + random.IntN(5)), First: random.IntN(4) == 0,
			})
			if item := fmt.Sprint("i", random.IntN(tablets)); err == nil && n%10 == 0 {
				err = tell(ctx, n+1, domain.Repair{Act: monday, ItemID: item, Reason: "screen"})
				if err == nil {
					err = tell(ctx, n, domain.Reset{Act: monday, ItemID: item})
				}
			}
			if err == nil && n%3 == 0 {
				err = tell(ctx, n+1, domain.Release{Act: monday, ReferralID: who, PersonID: "p1"})
			}
			return err
		})
	}
	if err := all.Wait(); err != nil {
		t.Fatal(err)
	}
	return read(t, book)
}

// read gives what the ledger has, in its order.
func read(t *testing.T, book ledger.Ledger) (facts []events.Equipment) {
	t.Helper()
	list, err := book.Load(t.Context(), "pool:provider-a", 0)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range list {
		f, err := plainly{}.Decode(t.Context(), e)
		if err != nil {
			t.Fatal(err)
		}
		facts = append(facts, f.(events.Equipment))
	}
	return facts
}

// sheet is what the facts say so far: whose each tablet is on each day, who waits, and since when.
type sheet struct {
	days  map[string]string // tablet and day
	kept  map[string]events.TabletKept
	waits map[string]events.TabletLacking
	asked map[string]int
}

// wrong reads the facts from the first to the last, and says where a tablet has two loans on a day, or somebody who waited
// got one before another whose turn it was.
func wrong(facts []events.Equipment) string {
	s := sheet{map[string]string{}, map[string]events.TabletKept{}, map[string]events.TabletLacking{}, map[string]int{}}
	for n, fact := range facts {
		said := ""
		switch e := fact.(type) {
		case events.TabletKept:
			said = s.keep(e)
		case events.TabletLacking:
			s.leave(e.LoanID)
			s.waits[e.LoanID] = e
		case events.TabletReleased:
			s.leave(e.LoanID)
		default: // nothing about days
		}
		if said != "" {
			return fmt.Sprintf("fact %d: %s", n, said)
		}
	}
	return ""
}

// leave is a loan that has and wants nothing for now.
func (s sheet) leave(loan string) {
	if k, had := s.kept[loan]; had {
		each(k.ItemID, k.From, k.To, func(slot string) { delete(s.days, slot) })
	}
	delete(s.kept, loan)
	delete(s.waits, loan)
	if s.asked[loan] == 0 {
		s.asked[loan] = len(s.asked) + 1
	}
}

func (s sheet) keep(e events.TabletKept) (wrong string) {
	if _, waited := s.waits[e.LoanID]; waited {
		wrong = s.passedOver(e)
	}
	s.leave(e.LoanID)
	each(e.ItemID, e.From, e.To, func(slot string) {
		if other := s.days[slot]; other != "" {
			wrong = fmt.Sprintf("%s and %s have %s", other, e.LoanID, slot)
		}
		s.days[slot] = e.LoanID
	})
	s.kept[e.LoanID] = e
	return wrong
}

// passedOver is somebody whose turn it was, and on whose days the tablet was free.
func (s sheet) passedOver(e events.TabletKept) string {
	for id, other := range s.waits {
		before := other.First && !e.First || other.First == e.First && s.asked[id] < s.asked[e.LoanID]
		free := true
		each(e.ItemID, other.From, other.To, func(slot string) { free = free && s.days[slot] == "" })
		if before && free {
			return fmt.Sprintf("%s got a tablet before %s", e.LoanID, id)
		}
	}
	return ""
}

func each(item, from, to string, do func(slot string)) {
	for day := from; day <= to; {
		do(item + " on " + day)
		at, _ := time.Parse(time.DateOnly, day)
		day = at.AddDate(0, 0, 1).Format(time.DateOnly)
	}
}

func TestTwoHundredConcurrentKeepsNeverGiveATabletTwiceOnADay(t *testing.T) {
	t.Parallel()
	for seed := range uint64(2) {
		facts := rush(t, seed, domain.Evolve, nil)
		if said := wrong(facts); said != "" {
			t.Error(said)
		}
		answered := map[string]bool{}
		for _, f := range facts {
			switch e := f.(type) {
			case events.TabletKept:
				answered[e.ReferralID] = true
			case events.TabletLacking:
				answered[e.ReferralID] = true
			default: // about items
			}
		}
		if len(answered) != keeps {
			t.Error(len(answered), "were answered")
		}
	}
}

func TestAPlantedSecondLoanIsFound(t *testing.T) {
	t.Parallel()
	facts := rush(t, 1, domain.Evolve, func(f events.Equipment) events.Equipment {
		if e, ok := f.(events.TabletKept); ok && e.ItemID == "i7" {
			e.ItemID = "i8"
			return e
		}
		return f
	})
	if wrong(facts) == "" {
		t.Fatal("nothing was found")
	}
}

func TestAPlantedWrongTurnIsFound(t *testing.T) {
	t.Parallel()
	facts := rush(t, 1, func(p domain.Pool, f events.Equipment) domain.Pool {
		if e, ok := f.(events.TabletLacking); ok {
			e.First = !e.First // who has no money comes last
			f = e
		}
		return domain.Evolve(p, f)
	}, nil)
	if wrong(facts) == "" {
		t.Fatal("nothing was found")
	}
}

package projections

import (
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"sync"

	"github.com/jackc/pgx/v5/pgxpool"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/fold"
	"example.org/passerelle/pkg/projection"
	"example.org/passerelle/services/published"
)

// observed is all that was observed, in memory: what the tables say, as far as they were read. Why: docs/decisions/D15.
type observed struct {
	pool     *pgxpool.Pool
	served   Served
	vault    opener
	catching chan struct{} // one catches up, the others wait

	mu        sync.RWMutex // of all below
	schema    string
	at        int64               // position of detection
	shut      map[int64]*campaign // by what told them: those whose key is gone and whose closing was not heard yet
	change    int64               // of the last row
	rows      []seen
	place     map[int64]int // of pseudonymous rows, by the position that told them
	campaigns map[string]*campaign
	refusals  []refused
	texts     []string // by their code
	codes     map[string]code
}

// code is a text by its number in the copy.
type code int32

// seen is one version of an observation as figures look at it. Days are numbers such as 20200131.
type seen struct {
	fund, programme, desk, department, channel, institution, band, words, month code

	day       int32 // of the finding; the first of the month where only that is known
	from, to  int32 // known from this day on, and not any more from that day on
	told      int64 // position; 0: published
	published bool
	said      said
	contexts  []code
	campaign  *campaign
}

// campaign is what figures know of one.
type campaign struct {
	fund, programme code
	closed          int32          // day; 0: open
	months          map[int32]bool // of what was published, by their first day
}

// refused is somebody who did not want to take part.
type refused struct {
	fund, programme, desk, month code
	day, from                    int32
}

const always = 99999999

func newObserved(pool *pgxpool.Pool, tables Served, v opener) *observed {
	return &observed{pool: pool, served: tables, vault: v, catching: make(chan struct{}, 1)}
}

// Served says in which schema the tables are and how far they have heard: a projection.Projector.
type Served interface {
	Serving(ctx context.Context) (schema string, err error)
	At(schema string) string
}

// opener is a vault.Vault.
type opener interface {
	Prefetch(ctx context.Context, subjects []string) error
	Unseal(ctx context.Context, stream, name string, d events.Details) error
}

// catchUp reads what has changed since the last time. After it the copy is as new as the tables were when it was asked, and
// whole: while a closing is under way it may not be.
func (o *observed) catchUp(ctx context.Context) error {
	err := o.read(ctx)
	if err == nil && o.lacks() {
		err = projection.ErrBuilding
	}
	return engine.Away(err)
}

// lacks tells whether there are observations that nobody can count until their closing is heard.
func (o *observed) lacks() bool {
	o.mu.RLock()
	defer o.mu.RUnlock()
	return len(o.shut) > 0
}

func (o *observed) read(ctx context.Context) error {
	select {
	case o.catching <- struct{}{}:
		defer func() { <-o.catching }()
	case <-ctx.Done():
		return ctx.Err()
	}
	schema, err := o.served.Serving(ctx)
	if err != nil {
		return err
	}
	after := o.change
	if o.schema != schema {
		after = 0
	} else if at, err := o.position(ctx, schema); err != nil || at == o.at {
		return err
	}
	c, err := o.changes(ctx, schema, after)
	if err == nil {
		o.take(schema, c)
	}
	return err
}

// forget begins anew, with the tables of another generation.
func (o *observed) forget(schema string) {
	o.schema, o.at, o.change = schema, 0, 0
	o.rows, o.place, o.campaigns, o.refusals = nil, map[int64]int{}, map[string]*campaign{}, nil
	o.texts, o.codes, o.shut = []string{""}, map[string]code{"": 0}, map[int64]*campaign{}
}

func (o *observed) take(schema string, c changes) {
	o.mu.Lock()
	defer o.mu.Unlock()
	if o.schema != schema {
		o.forget(schema)
	}
	o.at = c.at
	for _, row := range c.campaigns {
		o.takeCampaign(row)
		o.change = max(o.change, row.Change)
	}
	for _, row := range c.observations {
		o.takeObservation(row)
		o.change = max(o.change, row.Change)
	}
	for _, row := range c.refusals {
		found := day(row.FindingDate)
		o.refusals = append(o.refusals, refused{o.code(row.Fund), o.code(row.Programme), o.code(row.Desk), o.code(monthOf(found)), found, day(row.KnownFrom)})
		o.change = max(o.change, row.Change)
	}
}

// takeCampaign drops what was pseudonymous of a campaign that has closed.
func (o *observed) takeCampaign(row campaignRow) {
	c := o.campaign(row.ID)
	c.fund, c.programme = o.code(row.Fund), o.code(row.Programme)
	if row.Closed == nil {
		return
	}
	c.closed = day(*row.Closed)
	maps.DeleteFunc(o.shut, func(_ int64, of *campaign) bool { return of == c })
	o.rows = slices.DeleteFunc(o.rows, func(s seen) bool { return s.campaign == c && !s.published })
	o.place = map[int64]int{}
	for i := range o.rows {
		if told := o.rows[i].told; told != 0 {
			o.place[told] = i
		}
	}
}

func (o *observed) campaign(id string) *campaign {
	if o.campaigns[id] == nil {
		o.campaigns[id] = &campaign{months: map[int32]bool{}}
	}
	return o.campaigns[id]
}

func (o *observed) takeObservation(row observationRow) {
	until := int32(always)
	if row.KnownTo != nil {
		until = day(*row.KnownTo)
	}
	if i, ok := o.place[row.Told]; ok && row.Box != nil { // it was corrected
		o.rows[i].to = until
		return
	}
	if row.opened == nil {
		if row.erased {
			o.shut[row.Told] = o.campaign(row.CampaignID)
		}
		return
	}
	s := o.seen(row)
	s.to = until
	if s.published {
		s.campaign.months[s.day] = true
	} else {
		o.place[row.Told] = len(o.rows)
	}
	o.rows = append(o.rows, s)
}

func (o *observed) seen(row observationRow) seen {
	is := row.opened.Observation
	s := seen{
		fund: o.code(row.Fund), programme: o.code(is.Programme), desk: o.code(is.Desk), department: o.code(is.Department), channel: o.code(is.Channel),
		institution: o.code(is.Institution), band: o.code(published.AgeBand(is)), words: o.code(is.WordList),
		day: day(row.opened.Day), from: day(row.KnownFrom), campaign: o.campaign(row.CampaignID), said: featuresOf(is),
	}
	if row.Box == nil {
		s.published, s.day = true, day(is.Month)
	} else {
		s.told = row.Told
	}
	s.month = o.code(monthOf(s.day))
	for _, one := range is.Context {
		s.contexts = append(s.contexts, o.code(fold.Text(one)))
	}
	return s
}

func (o *observed) code(text string) code {
	c, ok := o.codes[text]
	if !ok {
		c = code(len(o.texts)) //nolint:gosec // some thousand
		o.texts, o.codes[text] = append(o.texts, text), c
	}
	return c
}

// day makes a number of a day; of a month, that of its first day.
func day(text string) int32 {
	n, _ := strconv.ParseInt(strings.ReplaceAll(text, "-", ""), 10, 32)
	if len(text) == len("2020-01") {
		n = n*100 + 1
	}
	return int32(n) //nolint:gosec // parsed with 32 bits
}

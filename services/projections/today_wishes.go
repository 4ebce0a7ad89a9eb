package projections

import (
	"context"
	"time"

	"example.org/passerelle/services/matching"
)

// wishedAt is the flags of a desk under which something is wished, with their sheets.
var wishedAt = `select ` + sheetOfFlag + ` from model.flag f` + flagJoins + ` where f.desk = $1 and f.help = 'wished' and ` + seenFlag

// wishHits turns the line of each wish that a session meets by now into a hit: that session is new, has moved or has grown
// since the wish was noted. The oldest wish comes first.
func (d deskDay) wishHits(ctx context.Context, lines []todayRow) error {
	wished := map[string]*todayRow{}
	for i := range lines {
		if lines[i].Kind == "wish" || lines[i].Kind == "deadline" {
			wished[the(lines[i].FlagID)] = &lines[i]
		}
	}
	if len(wished) == 0 {
		return nil
	}
	rows, err := all[flagSheet](ctx, d.Service, wishedAt, d.desk)
	if err != nil || len(rows) == 0 {
		return err
	}
	if err := d.offered.catchUp(ctx); err != nil {
		return err
	}
	for _, row := range rows {
		line := wished[row.ID]
		if line == nil || row.HelpAt == nil {
			continue
		}
		person, err := d.inNeed(ctx, row)
		if err != nil {
			return err
		}
		if id, ok := d.offered.hit(person, *row.HelpAt); ok {
			today := d.today()
			line.Kind, line.Why, line.About, line.By, line.since = "wish_hit", "suits", &id, &today, *row.HelpAt
		}
	}
	return nil
}

// hit is the best session that meets a wish, if one does.
func (o *offered) hit(p matching.Person, since time.Time) (session string, ok bool) {
	o.mu.RLock()
	defer o.mu.RUnlock()
	p.Lendable = o.lendable
	list, _ := matching.Hits(o.index, p, since)
	if len(list) == 0 {
		return "", false
	}
	return list[0].ID(), true
}

package accesslog_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"example.org/passerelle/pkg/accesslog"
)

// twoMonths is a log of two services: ten rows each in November, closed, and ten in December.
func twoMonths(t *testing.T) *book {
	t.Helper()
	b := setup(t)
	logs := []*accesslog.Log{b.open("projections"), b.open("detection")}
	for month := range 2 {
		b.clock.Set(noon.AddDate(0, month, 0))
		for i := range 5 {
			for w, l := range logs {
				b.write(l, numbered(w, i+10*month)...)
			}
		}
	}
	return b
}

// Whoever owns the tables can take the guards away; then the chain tells.
const unguarded = `alter table entry disable trigger user; alter table chain disable trigger user;`

func TestEveryDamageIsFoundWhereItIs(t *testing.T) {
	t.Parallel()
	const at = `month = '2021-11' and service = 'projections'`
	const columns = `(month, service, position, recorded, actor, role, fund, purpose, action, what, resource, subjects, fields, request, link)`
	for name, damage := range map[string]struct {
		sql      string
		month    string
		position int64
	}{
		"another actor":      {`update entry set actor = 'advisor-11' where position = 4 and ` + at, "2021-11", 4},
		"another purpose":    {`update entry set purpose = 'review' where position = 4 and ` + at, "2021-11", 4},
		"a person taken out": {`update entry set subjects = '{}' where position = 4 and ` + at, "2021-11", 4},
		"another time":       {`update entry set recorded = recorded - interval '1 day' where position = 4 and ` + at, "2021-11", 4},
		"a row removed":      {`delete from entry where position = 4 and ` + at, "2021-11", 4},
		"a group removed":    {`delete from entry where position in (3, 4) and ` + at, "2021-11", 3},
		"the first removed":  {`delete from entry where position = 1 and ` + at, "2021-11", 1},
		"a closed gap":       {`delete from entry where position = 4 and ` + at + `; update entry set position = position - 1 where position > 4 and ` + at, "2021-11", 4},
		"the tail removed":   {`delete from entry where position > 8 and ` + at, "2021-11", 9},
		"all removed":        {`delete from entry where ` + at, "2021-11", 1},
		"a row inserted":     {`insert into entry select month, service, 11, recorded, actor, role, fund, purpose, action, what, resource, subjects, fields, request, link from entry where position = 10 and ` + at, "2021-11", 11},
		"a copy of a row":    {`insert into entry ` + columns + ` select month, 'portal', position, recorded, actor, role, fund, purpose, action, what, resource, subjects, fields, request, link from entry where ` + at, "2021-11", 0},
		"two groups swapped": {`update entry set position = 100 + position where position between 3 and 6 and ` + at + `; update entry set position = 5 + (position - 103 + 2) % 4 - 2 where position > 100 and ` + at, "2021-11", 3},
		"two services mixed": {`update entry set service = service || 's' where position = 2 and month = '2021-12';
			update entry set service = case service when 'detections' then 'projections' else 'detection' end where position = 2 and month = '2021-12'`, "2021-12", 2},
		"a shorter head":      {`delete from entry where position > 8 and ` + at + `; update chain c set position = 8, link = e.link, recorded = e.recorded from (select * from entry where position = 8 and ` + at + `) e where c.month = e.month and c.service = e.service`, "2021-11", 0},
		"an end that differs": {`update chain set link = 'x' where ` + at, "2021-11", 0},
		"opened again":        {`update chain set closed = null where ` + at, "2021-11", 0},
		"purged by hand":      {`update chain set purged = now() where ` + at + `; delete from entry where ` + at, "2021-11", 0},
		"a head removed":      {`delete from chain where ` + at, "2021-11", 0},
		"a month removed":     {`delete from chain where ` + at + `; delete from entry where ` + at, "2021-12", 0},
		"the newest month removed": {`delete from chain where month = '2021-12' and service = 'projections';
			delete from entry where month = '2021-12' and service = 'projections'`, "2021-11", 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := twoMonths(t)
			if err := b.sql(unguarded + damage.sql); err != nil {
				t.Fatal(err)
			}
			_, err := b.Verify(ctx)
			var broken *accesslog.Broken
			if !errors.As(err, &broken) || broken.Month != damage.month || broken.Position != damage.position {
				t.Errorf("%v, want %s at row %d", err, damage.month, damage.position)
			}
		})
	}
}

func TestAForgerWithoutTheKeyIsFound(t *testing.T) {
	t.Parallel()
	b := twoMonths(t)
	forged := accesslog.Config{Schema: b.config.Schema, Key: []byte("another key"), Clock: b.clock}
	l := accesslog.Open(b.pool, forged, "projections")
	b.write(l, opened("advisor-34", "p1"))
	if err := l.Close(ctx); err != nil {
		t.Fatal(err)
	}
	_, err := b.Verify(ctx)
	var broken *accesslog.Broken
	if !errors.As(err, &broken) || broken.Service != "projections" || broken.Month != "2021-12" {
		t.Error(err)
	}
}

func TestNobodyChangesWhatIsWritten(t *testing.T) {
	t.Parallel()
	b := twoMonths(t)
	for _, sql := range []string{
		`update entry set actor = 'x' where position = 1`, `delete from entry where position = 1`, `truncate entry`,
		`update y2021m11 set actor = 'x'`, `delete from y2021m11`, `truncate y2021m11`, `truncate only y2021m12`,
		`delete from chain`, `truncate chain`, `update chain set position = 1`, `update chain set closed = null where month = '2021-11'`,
		`update chain set link = 'x' where month = '2021-11'`, `update chain set month = '2021-10'`,
	} {
		if err := b.sql(sql); err == nil {
			t.Errorf("%s was done", sql)
		}
	}
	if b.holds() != 40 {
		t.Error("rows are gone")
	}
}

func TestAPurgedMonthLeavesItsEnd(t *testing.T) {
	t.Parallel()
	b := twoMonths(t)
	silent := b.open("equipment") // nothing comes after it: the purge closes its chain
	b.clock.Set(noon.AddDate(0, 1, 0))
	b.write(silent, opened("advisor-34", "p1"))

	b.clock.Set(time.Date(2022, 11, 30, 22, 59, 0, 0, time.UTC)) // its last rows are not a year old everywhere
	if due, err := b.Due(ctx); err != nil || len(due) != 0 {
		t.Error(due, err)
	}
	if err := b.Purge(ctx, "2021-11"); !errors.Is(err, accesslog.ErrTooYoung) {
		t.Error(err)
	}
	b.clock.Set(time.Date(2022, 11, 30, 23, 0, 0, 0, time.UTC)) // December in Paris
	if due, err := b.Due(ctx); err != nil || fmt.Sprint(due) != "[2021-11]" {
		t.Error(due, err)
	}
	for range 2 {
		if err := b.Purge(ctx, "2021-11"); err != nil {
			t.Fatal(err)
		}
	}
	if rows := b.holds(); rows != 21 || len(b.read(accesslog.Filter{})) != 21 {
		t.Error(rows, "rows")
	}
	b.clock.Set(noon.AddDate(1, 2, 0))
	if err := b.Purge(ctx, "2021-12"); err != nil {
		t.Fatal(err)
	}
	b.write(silent, opened("advisor-34", "p1"))
	b.write(b.open("projections"), opened("advisor-34", "p1"))
	if rows := b.holds(); rows != 2 {
		t.Error(rows, "rows")
	}
	if err := b.sql(unguarded + `update chain set link = 'x' where month = '2021-11' and service = 'detection'`); err != nil {
		t.Fatal(err)
	}
	if _, err := b.Verify(ctx); err == nil {
		t.Error("a forged closed month was accepted")
	}
}

func TestABrokenMonthIsNotPurged(t *testing.T) {
	t.Parallel()
	b := twoMonths(t)
	b.clock.Set(noon.AddDate(2, 0, 0))
	if err := b.sql(unguarded + `update entry set actor = 'x' where position = 1 and month = '2021-11'`); err != nil {
		t.Fatal(err)
	}
	var broken *accesslog.Broken
	if err := b.Purge(ctx, "2021-11"); !errors.As(err, &broken) {
		t.Error(err)
	}
	if len(b.read(accesslog.Filter{})) != 40 {
		t.Error("the evidence is gone")
	}
}

func TestAMonthIsClosedByHandOnceItIsOver(t *testing.T) {
	t.Parallel()
	b := setup(t)
	l := b.open("projections")
	b.write(l, opened("advisor-34", "p1"))
	if err := b.Close(ctx, "2021-11"); err == nil {
		t.Error("the present month was closed")
	}
	b.clock.Set(noon.AddDate(0, 1, 0))
	if err := b.Close(ctx, "2021-11"); err != nil {
		t.Fatal(err)
	}
	b.holds()
	b.clock.Set(noon) // a process whose clock is behind
	b.write(l, opened("advisor-34", "p1"))
	if rows := b.read(accesslog.Filter{}); rows[0].Month != "2021-12" {
		t.Error(rows[0].Month)
	}
	b.holds()
}

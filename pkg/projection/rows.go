package projection

import "reflect"

// rows are what Add has collected for one statement, by column.
type rows struct {
	sql     string
	columns []reflect.Value
}

// Add collects a row for a statement that inserts from arrays, one for each value and in their order
// (`insert into t select * from unnest($1::text[], $2::bigint[])`): the rows of a batch cost one statement together. It
// runs after all that was queued, so it is for tables that nothing else of the batch reads or changes.
func (b *Batch) Add(sql string, values ...any) {
	for _, r := range b.added {
		if r.sql == sql {
			r.add(values)
			return
		}
	}
	r := &rows{sql: sql, columns: make([]reflect.Value, len(values))}
	for n, v := range values {
		r.columns[n] = reflect.Zero(reflect.SliceOf(reflect.TypeOf(v)))
	}
	r.add(values)
	b.added = append(b.added, r)
}

func (r *rows) add(values []any) {
	for n, v := range values {
		r.columns[n] = reflect.Append(r.columns[n], reflect.ValueOf(v))
	}
}

// Flush queues what Add has collected. A projector does it at the end of each batch.
func (b *Batch) Flush() {
	for _, r := range b.added {
		columns := make([]any, len(r.columns))
		for n, c := range r.columns {
			columns[n] = c.Interface()
		}
		b.Queue(r.sql, columns...)
	}
	b.added = nil
}

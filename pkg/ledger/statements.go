package ledger

import (
	"encoding/binary"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgtype"
)

// The guard of every insert: the ledger still ends where the links were computed from, it is open, and no
// stream gets a gap. The statement begins after the lock was granted, so it sees the last commit.
const (
	sqlLock = `select pg_advisory_xact_lock($1::bigint)`

	sqlUnchanged = `coalesce((select link from {schema}.event order by position desc limit 1), '') = $1::bytea
	and (select state from {schema}.info) = 'open'`

	sqlOne = `insert into {schema}.event (position, recorded, id, stream, version, name, data, meta, key, link)
select $2::bigint, $3::timestamptz, $4::uuid, $5::text, $6::int, $7::text, $8::bytea, $9::bytea, $10::bytea, $11::bytea
where ` + sqlUnchanged + `
	and ($6 = 1 or exists (select from {schema}.event where stream = $5 and version = $6 - 1))`

	sqlNoGap = `not exists (select from unnest($12::text[], $13::int[]) p (stream, version)
		where not exists (select from {schema}.event e where e.stream = p.stream and e.version = p.version))`

	sqlEvents = `insert into {schema}.event (position, recorded, id, stream, version, name, data, meta, key, link)
select $2::bigint + f.n - 1, $3::timestamptz, f.id, f.stream, f.version, f.name, f.data, f.meta, f.key, f.link
from unnest($4::uuid[], $5::text[], $6::int[], $7::text[], $8::bytea[], $9::bytea[], $10::bytea[], $11::bytea[])
	with ordinality f (id, stream, version, name, data, meta, key, link, n)`

	sqlMany = sqlEvents + `
where ` + sqlUnchanged + ` and ` + sqlNoGap

	sqlUnmoved = `not exists (select from unnest($21::text[], $22::int[]) s (stream, version)
		where s.version <> coalesce((select e.version from {schema}.event e where e.stream = s.stream order by e.version desc limit 1), 0))`

	sqlWithClaims = `with free as materialized (
	select 1 where ` + sqlUnchanged + ` and ` + sqlNoGap + ` and ` + sqlUnmoved + `
		and not exists (select from unnest($14::text[], $15::text[]) w (value, stream)
			join {schema}.claim c on c.value = w.value and c.stream <> w.stream)
), released as (
	delete from {schema}.claim c using free, unnest($16::text[], $17::text[]) r (value, stream)
	where c.value = r.value and c.stream = r.stream
), taken as (
	insert into {schema}.claim (value, stream, position)
	select t.value, t.stream, t.position from free, unnest($18::text[], $19::text[], $20::bigint[]) t (value, stream, position)
	on conflict (value) do nothing
)
` + sqlEvents + `, free`

	sqlHead     = `select position, id, recorded, link from {schema}.event order by position desc limit 1`
	sqlState    = `select state from {schema}.info`
	sqlKeys     = `select key, id from {schema}.event where key = any($1::bytea[])`
	sqlVersions = `select s, coalesce((select version from {schema}.event e where e.stream = s order by version desc limit 1), 0)
from unnest($1::text[]) s`
	sqlHolders = `select value, stream from {schema}.claim where value = any($1::text[])`
)

// Postgres counts microseconds from 2000.
const postgresEpoch = 946684800 * 1_000_000

func int8Param(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }
func int4Param(n int) []byte   { return binary.BigEndian.AppendUint32(nil, uint32(n)) }

func timeParam(t time.Time) []byte { return int8Param(t.UnixMicro() - postgresEpoch) }

func uuidParam(id string) []byte {
	u := uuid.MustParse(id)
	return u[:]
}

func readTime(b []byte) time.Time {
	return time.UnixMicro(int64(binary.BigEndian.Uint64(b)) + postgresEpoch).UTC()
}

func readUUID(b []byte) string {
	id, _ := uuid.FromBytes(b)
	return id.String()
}

// array is a one-dimensional array in Postgres's binary form; a nil element is null.
type array struct {
	buf []byte
	n   uint32
}

func newArray(oid uint32, capacity int) *array {
	a := &array{buf: make([]byte, 20, 20+capacity)}
	binary.BigEndian.PutUint32(a.buf[0:], 1)
	binary.BigEndian.PutUint32(a.buf[4:], 1) // may hold nulls
	binary.BigEndian.PutUint32(a.buf[8:], oid)
	binary.BigEndian.PutUint32(a.buf[16:], 1) // counts from 1
	return a
}

func (a *array) null() {
	a.n++
	a.buf = append(a.buf, 0xff, 0xff, 0xff, 0xff)
}

func add[T string | []byte](a *array, value T) {
	a.n++
	a.buf = binary.BigEndian.AppendUint32(a.buf, uint32(len(value)))
	a.buf = append(a.buf, value...)
}

func (a *array) addInt4(n int) {
	a.n++
	a.buf = binary.BigEndian.AppendUint32(a.buf, 4)
	a.buf = binary.BigEndian.AppendUint32(a.buf, uint32(n))
}

func (a *array) addInt8(n int64) {
	a.n++
	a.buf = binary.BigEndian.AppendUint32(a.buf, 8)
	a.buf = binary.BigEndian.AppendUint64(a.buf, uint64(n))
}

func (a *array) param() []byte {
	binary.BigEndian.PutUint32(a.buf[12:], a.n)
	return a.buf
}

// insertion is one insert statement with its parameters.
type insertion struct {
	statement string // its name
	params    [][]byte
}

// insert writes the statement for events that were stamped after head. The usual append pays for no claims,
// a lone one for no arrays.
func insert(head Head, group []*entry, events []Event) insertion {
	link := head.Link
	if link == nil {
		link = []byte{}
	}
	claims := false
	for _, e := range group {
		claims = claims || len(e.claims) > 0 || len(e.seen) > 0
	}
	if len(events) == 1 && !claims {
		e := events[0]
		return insertion{"one", [][]byte{
			link, int8Param(e.Position), timeParam(e.Recorded), uuidParam(e.ID), []byte(e.Stream), int4Param(e.Version),
			[]byte(e.Name), notNil(e.Data), e.Meta, group[0].parts[0].key[:], e.Link,
		}}
	}
	params := append([][]byte{link, int8Param(events[0].Position), timeParam(events[0].Recorded)}, columns(group, events)...)
	params = append(params, previous(group)...)
	if !claims {
		return insertion{"many", params}
	}
	params = append(params, claimColumns(head.Position, group)...)
	return insertion{"claims", append(params, seenColumns(group)...)}
}

func notNil(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

func columns(group []*entry, events []Event) [][]byte {
	n, data, meta := len(events), 0, 0
	for i := range events {
		data, meta = data+len(events[i].Data)+4, meta+len(events[i].Meta)+4
	}
	ids, streams, versions := newArray(pgtype.UUIDOID, 20*n), newArray(pgtype.TextOID, 48*n), newArray(pgtype.Int4OID, 8*n)
	names, datas, metas := newArray(pgtype.TextOID, 40*n), newArray(pgtype.ByteaOID, data), newArray(pgtype.ByteaOID, meta)
	keys, links := newArray(pgtype.ByteaOID, 20*n), newArray(pgtype.ByteaOID, 36*n)
	for i := range events {
		e := &events[i]
		id := uuid.MustParse(e.ID)
		add(ids, id[:])
		add(streams, e.Stream)
		versions.addInt4(e.Version)
		add(names, e.Name)
		add(datas, e.Data)
		add(metas, e.Meta)
		add(links, e.Link)
	}
	for _, e := range group {
		for _, p := range e.parts {
			add(keys, p.key[:])
			for range p.to - p.from - 1 {
				keys.null()
			}
		}
	}
	return [][]byte{
		ids.param(), streams.param(), versions.param(), names.param(), datas.param(), metas.param(), keys.param(), links.param(),
	}
}

// previous lists what must be there already so that no stream gets a gap.
func previous(group []*entry) [][]byte {
	streams, versions := newArray(pgtype.TextOID, 0), newArray(pgtype.Int4OID, 0)
	for _, e := range group {
		e.firsts(func(stream string, version int) {
			if version > 1 {
				add(streams, stream)
				versions.addInt4(version - 1)
			}
		})
	}
	return [][]byte{streams.param(), versions.param()}
}

// seenColumns lists what must not have moved.
func seenColumns(group []*entry) [][]byte {
	streams, versions := newArray(pgtype.TextOID, 0), newArray(pgtype.Int4OID, 0)
	for _, e := range group {
		for _, s := range e.seen {
			add(streams, s.Stream)
			versions.addInt4(s.Version)
		}
	}
	return [][]byte{streams.param(), versions.param()}
}

func claimColumns(head int64, group []*entry) [][]byte {
	wanted, wantedBy := newArray(pgtype.TextOID, 0), newArray(pgtype.TextOID, 0)
	released, releasedBy := newArray(pgtype.TextOID, 0), newArray(pgtype.TextOID, 0)
	taken, takenBy, at := newArray(pgtype.TextOID, 0), newArray(pgtype.TextOID, 0), newArray(pgtype.Int8OID, 0)
	for _, e := range group {
		for _, c := range e.claims {
			if c.takes {
				add(wanted, c.value)
				add(wantedBy, c.stream)
			}
			if c.holds {
				add(taken, c.value)
				add(takenBy, c.stream)
				at.addInt8(head + 1 + int64(c.draft))
			} else {
				add(released, c.value)
				add(releasedBy, c.stream)
			}
		}
		head += int64(len(e.drafts))
	}
	return [][]byte{
		wanted.param(), wantedBy.param(), released.param(), releasedBy.param(), taken.param(), takenBy.param(), at.param(),
	}
}

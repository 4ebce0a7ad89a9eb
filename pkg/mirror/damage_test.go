package mirror_test

import (
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/minio/highwayhash"
	"github.com/nats-io/nats.go/jetstream"

	"example.org/passerelle/pkg/mirror"
	"example.org/passerelle/pkg/stream"
)

// damage is something that happened to a real store.
type damage struct {
	name string
	// asleep is done to the files of a cleanly stopped server, awake through a running one.
	asleep   func(*store)
	awake    func(*store)
	harmless bool
	shortens bool // only: a mirror that goes on after the last sequence comes back from it
}

var damages = []damage{
	{name: "nothing happened", harmless: true, asleep: func(*store) {}},
	{name: "the index is lost", harmless: true, asleep: (*store).loseIndex},
	{name: "all messages are purged", awake: func(s *store) { s.purge() }},
	{name: "the messages below 301 are purged", awake: func(s *store) { s.purge(jetstream.WithPurgeSequence(301)) }},
	{name: "messages are limited in age", awake: func(s *store) {
		s.limit(func(c *jetstream.StreamConfig) { c.MaxAge, c.Duplicates = 100*time.Millisecond, 100*time.Millisecond })
	}},
	{name: "messages are limited in number, the old ones go", awake: func(s *store) {
		s.limit(func(c *jetstream.StreamConfig) { c.MaxMsgs, c.Discard = 300, jetstream.DiscardOld })
	}},
	{name: "one bit in an early block", asleep: func(s *store) { s.flip(s.block(0), 0.4) }},
	{name: "one bit in an early block, the index is lost", asleep: func(s *store) { s.flip(s.block(0), 0.4); s.loseIndex() }},
	{name: "a block in the middle is gone", asleep: func(s *store) { s.remove(s.block(1)) }},
	{name: "a block in the middle is zeroed", asleep: func(s *store) { s.zero(s.block(1)) }},
	{name: "a block in the middle is zeroed, the index is lost", asleep: func(s *store) { s.zero(s.block(1)); s.loseIndex() }},
	{name: "the first block is gone", asleep: func(s *store) { s.remove(s.block(0)) }},
	{name: "the last block is cut in half", asleep: func(s *store) { s.halve(s.block(-1)) }},
	{name: "the last block is cut in half, the index is lost", shortens: true, asleep: func(s *store) { s.halve(s.block(-1)); s.loseIndex() }},
	{name: "one bit in the last block", asleep: func(s *store) { s.flip(s.block(-1), 0.5) }},
	{name: "one bit in the last block, the index is lost", shortens: true, asleep: func(s *store) { s.flip(s.block(-1), 0.5); s.loseIndex() }},
	{name: "the last block is gone", asleep: func(s *store) { s.remove(s.block(-1)) }},
	{name: "the last block is gone, the index is lost", shortens: true, asleep: func(s *store) { s.remove(s.block(-1)); s.loseIndex() }},
	{name: "all blocks are gone", asleep: func(s *store) { s.remove(s.blocks()...) }},
	{name: "all blocks are gone, the index is lost", shortens: true, asleep: func(s *store) { s.remove(s.blocks()...); s.loseIndex() }},
	{name: "one bit of a record's length, early", asleep: func(s *store) { s.flipRecord(s.block(0), 0) }},
	// After this one the server expects 1501 and stores at 1316.
	{name: "one bit of a record's length, in the last block", asleep: func(s *store) { s.flipRecord(s.block(-1), 0) }},
	{name: "one bit of a record's sequence, in the last block", asleep: func(s *store) { s.flipRecord(s.block(-1), 4) }},
	{name: "the last bit", asleep: func(s *store) { s.flip(s.block(-1), 0.99999) }},
	{name: "the stream's own file is spoiled", asleep: func(s *store) { s.flip(filepath.Join(s.house.folder(), "meta.inf"), 0.5) }},
	{name: "the folder of the stream is gone", asleep: func(s *store) { s.remove(s.house.folder()) }},
	{name: "the folder of all streams is gone", asleep: func(s *store) { s.remove(filepath.Join(s.house.dir, "jetstream")) }},
}

// scale is how much is in a store: three blocks of 8 MiB.
func scale() (events, size int) {
	if os.Getenv("PASSERELLE_SOAK") != "" {
		return 28_000, 200
	}
	return 1500, 14 << 10
}

func TestAnyDamageIsRepairedUnderItsReaders(t *testing.T) {
	t.Parallel()
	full := fill(t)
	for _, d := range damages {
		t.Run(d.name, func(t *testing.T) {
			t.Parallel()
			d.isRepaired(full.copy(t, openBooks(t, full.books.schema)))
		})
		// The checker is worth something if it finds a mirror that only looks at the last sequence.
		t.Run(d.name+", before a naive mirror", func(t *testing.T) {
			t.Parallel()
			d.escapesTheNaive(full.copy(t, full.books))
		})
	}
}

func (d damage) isRepaired(s *store) {
	s.t.Helper()
	ahead := listen(s.t, s.copies, 0)
	ahead.hears(s.last)
	s.suffer(d)
	m := run(s.t, s.books, s.copies)
	late := listen(s.t, s.copies, 0)
	last := s.books.write(20, 100)
	m.flush(last)
	ahead.hears(last)
	late.hears(last)
	if d.harmless && m.Status().Repairs > 0 {
		s.t.Fatal("repaired what was whole:", m.Status().Repaired)
	}
	equal(s.t, s.copies)
}

func (d damage) escapesTheNaive(s *store) {
	s.t.Helper()
	s.suffer(d)
	naive(s)
	report, err := mirror.Verify(soon(s.t), s.copies, 3)
	if err != nil {
		s.t.Fatal(err)
	}
	if report.Equal() != (d.harmless || d.shortens) {
		s.t.Fatal("the naive mirror would pass:", report.Equal())
	}
}

// naive publishes what comes after the last sequence, and is content.
func naive(s *store) {
	ctx := soon(s.t)
	for refused := 0; refused < 3; {
		found, err := mirror.Compare(ctx, s.copies)
		if err != nil {
			s.t.Fatal(err)
		}
		if found.Missing {
			return // making a stream is not its business
		}
		last := found.Last
		events, err := s.books.Read(ctx, last, 100)
		if err != nil {
			s.t.Fatal(err)
		}
		if len(events) == 0 {
			return
		}
		for _, e := range events {
			if _, err := s.copies.JS.PublishMsg(ctx, stream.Message("", e)); err != nil {
				refused++
				break
			}
		}
	}
}

// store is a full store of three blocks beside its ledger.
type store struct {
	t      testing.TB
	books  *books
	house  *house
	copies mirror.Copies
	last   int64
}

// fill makes the store that the others are copies of, and stops its server.
func fill(t *testing.T) *store {
	t.Helper()
	s := &store{t: t, books: newBooks(t), house: newHouse(t)}
	s.last = s.books.write(scale())
	s.house.start()
	s.copies = copies(s.books, s.house.connect(t), "")
	m := run(t, s.books, s.copies)
	m.flush(s.last)
	_ = m.stop()
	s.house.stop()
	if n := len(s.blocks()); n != 3 {
		t.Fatalf("%d blocks in the store", n)
	}
	return s
}

// copy starts a server on a copy of the store, beside the same ledger.
func (s *store) copy(t *testing.T, b *books) *store {
	t.Helper()
	c := &store{t: t, books: b, house: newHouse(t), last: s.last}
	copyFolder(t, s.house.dir, c.house.dir)
	c.house.start()
	c.copies = copies(c.books, c.house.connect(t), "")
	return c
}

// suffer lets it happen.
func (s *store) suffer(d damage) {
	s.t.Helper()
	if d.awake != nil {
		d.awake(s)
		return
	}
	s.house.stop()
	d.asleep(s)
	s.house.start()
}

func (s *store) blocks() []string {
	s.t.Helper()
	var found []string
	for i := 1; ; i++ {
		path := filepath.Join(s.house.folder(), "msgs", fmt.Sprintf("%d.blk", i))
		if _, err := os.Stat(path); err != nil {
			return found
		}
		found = append(found, path)
	}
}

// block is one of the blocks, from the end if negative.
func (s *store) block(i int) string {
	all := s.blocks()
	return all[(i+len(all))%len(all)]
}

func (s *store) loseIndex() { s.remove(filepath.Join(s.house.folder(), "msgs", "index.db")) }

func (s *store) remove(paths ...string) {
	s.t.Helper()
	for _, path := range paths {
		if _, err := os.Stat(path); err != nil {
			s.t.Fatal(err)
		}
		if err := os.RemoveAll(path); err != nil {
			s.t.Fatal(err)
		}
	}
}

// flipRecord changes a bit in the head of the record in the middle: 4 bytes of length, 8 of sequence.
func (s *store) flipRecord(path string, offset int) {
	s.change(path, func(b []byte) []byte {
		at := 0
		for at < len(b)/2 {
			at += int(binary.LittleEndian.Uint32(b[at:]) &^ (1 << 31))
		}
		b[at+offset] ^= 4
		return b
	})
}

func (s *store) change(path string, f func([]byte) []byte) {
	s.t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := os.WriteFile(path, f(content), 0o600); err != nil {
		s.t.Fatal(err)
	}
}

func (s *store) flip(path string, where float64) {
	s.change(path, func(b []byte) []byte {
		b[int(float64(len(b))*where)] ^= 4
		return b
	})
}

func (s *store) zero(path string) {
	s.change(path, func(b []byte) []byte { return make([]byte, len(b)) })
}

func (s *store) halve(path string) {
	s.change(path, func(b []byte) []byte { return b[:len(b)/2] })
}

func (s *store) stream() (handle jetstream.Stream) {
	s.t.Helper()
	until(s.t, func() (there bool) {
		var err error
		handle, err = s.copies.JS.Stream(s.t.Context(), service)
		return err == nil
	})
	return handle
}

// purge removes messages although the stream denies it, and leaves the denial in place.
func (s *store) purge(what ...jetstream.StreamPurgeOpt) {
	s.t.Helper()
	s.deny("false")
	if err := s.stream().Purge(s.t.Context(), what...); err != nil {
		s.t.Fatal(err)
	}
	s.deny("true")
}

func (s *store) deny(purge string) {
	s.t.Helper()
	s.house.stop()
	key := sha256.Sum256([]byte(service))
	s.change(filepath.Join(s.house.folder(), "meta.inf"), func(meta []byte) []byte {
		for _, old := range []string{"true", "false"} {
			meta = bytes.Replace(meta, []byte(`"deny_purge":`+old), []byte(`"deny_purge":`+purge), 1)
		}
		sum := highwayhash.Sum64(meta, key[:])
		s.change(filepath.Join(s.house.folder(), "meta.sum"), func([]byte) []byte {
			return []byte(hex.EncodeToString([]byte{byte(sum), byte(sum >> 8), byte(sum >> 16), byte(sum >> 24), byte(sum >> 32), byte(sum >> 40), byte(sum >> 48), byte(sum >> 56)}))
		})
		return meta
	})
	s.house.start()
}

// limit sets a limit and waits until the stream has lost its beginning by it.
func (s *store) limit(change func(*jetstream.StreamConfig)) {
	s.t.Helper()
	config := s.stream().CachedInfo().Config
	change(&config)
	if _, err := s.copies.JS.UpdateStream(s.t.Context(), config); err != nil {
		s.t.Fatal(err)
	}
	until(s.t, func() bool { return s.stream().CachedInfo().State.FirstSeq > 1 })
}

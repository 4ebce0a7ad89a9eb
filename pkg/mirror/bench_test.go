package mirror_test

import (
	"context"
	"testing"
	"time"

	"example.org/passerelle/pkg/mirror"
	"example.org/passerelle/pkg/stream"
)

// BenchmarkRefill: an empty stream filled from a ledger of 20,000 events of 500 bytes.
func BenchmarkRefill(b *testing.B) {
	books := newBooks(b)
	last := books.write(20_000, 500)
	c := shared(b, books)
	for b.Loop() {
		m := run(b, books, c)
		m.flush(last)
		_ = m.stop()
		if err := c.JS.DeleteStream(b.Context(), stream.Name(c.Prefix, service)); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(last)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

// BenchmarkLag: from the append's answer to the stream's acknowledgement, one event at a time.
func BenchmarkLag(b *testing.B) {
	books := newBooks(b)
	m := run(b, books, shared(b, books))
	m.flush(books.write(1, 500))
	var lag time.Duration
	for b.Loop() {
		position := books.write(1, 500)
		begin := time.Now()
		m.flush(position)
		lag += time.Since(begin)
	}
	b.ReportMetric(float64(lag.Microseconds())/float64(b.N), "µs-lag")
}

// BenchmarkLagOfATwin: the same, when the mirror of another process is the active one and has to be woken. Without
// the wake-up it would be an eighth of a second, half the time between two looks.
func BenchmarkLagOfATwin(b *testing.B) {
	books := newBooks(b)
	twin := openBooks(b, books.schema)
	m := run(b, books, shared(b, books))
	m.flush(books.write(1, 500))
	never := func(config *mirror.Config) {
		config.Lease = func(ctx context.Context) (context.Context, func(), error) {
			<-ctx.Done()
			return nil, nil, ctx.Err()
		}
	}
	run(b, twin, m.Copies, never)
	var lag time.Duration
	for b.Loop() {
		position := twin.write(1, 500)
		begin := time.Now()
		m.flush(position)
		lag += time.Since(begin)
	}
	b.ReportMetric(float64(lag.Microseconds())/float64(b.N), "µs-lag")
}

// BenchmarkVerify: both copies of 20,000 events of 500 bytes, every byte.
func BenchmarkVerify(b *testing.B) {
	books := newBooks(b)
	last := books.write(20_000, 500)
	c := shared(b, books)
	m := run(b, books, c)
	m.flush(last)
	for b.Loop() {
		if report, err := mirror.Verify(b.Context(), c, 1); err != nil || !report.Equal() {
			b.Fatal(report, err)
		}
	}
	b.ReportMetric(float64(last)*float64(b.N)/b.Elapsed().Seconds(), "events/s")
}

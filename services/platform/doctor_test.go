package platform_test

import (
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"
)

// TestTheDoctorFindsWhatIsNotWell and says so by its exit code too.
func TestTheDoctorFindsWhatIsNotWell(t *testing.T) {
	t.Parallel()
	h := newHouse(t)
	h.start()
	h.as("advisor-34").post(201, "/flags", senior(1))
	if said := h.mustOperate("doctor"); strings.Contains(said, "BAD") || !strings.Contains(said, "detection: ledger and stream are equal up to 4") {
		t.Error(said)
	}
	h.staysCalmWhilePeopleWork()
	h.stop()
	if err := os.RemoveAll(filepath.Join(h.dir, "nats")); err != nil {
		t.Fatal(err)
	}
	said, err := h.operator("doctor")
	if err == nil || !strings.Contains(said, "BAD  detection: the stream is missing") || !strings.Contains(said, "note detection: no process of it runs") {
		t.Errorf("the stream is gone: %v: %s", err, said)
	}
	h.start()
	h.until(func() bool {
		said, err = h.operator("doctor")
		return err == nil
	})
	conn := h.database()
	if _, err := conn.Exec(t.Context(), `insert into referral_heard.parked (listener, service, sequence, event_id, event, lane, reason, tries, next_at, parked_at)
values ('referral', 'detection', 1, 'x', 'detection.senior-flagged.v1', 'l', 'planted', 1, now() + interval '1 hour', now())`); err != nil {
		t.Fatal(err)
	}
	if said, err := h.operator("doctor"); err == nil || !strings.Contains(said, "BAD  1 messages are parked") {
		t.Errorf("a message is parked: %v: %s", err, said)
	}
	if _, err := conn.Exec(t.Context(), `update projection.checkpoint set sequence = sequence - 1 where projection = 'board' and service = 'detection'`); err != nil {
		t.Fatal(err)
	}
	if said, err := h.operator("doctor"); err == nil || !strings.Contains(said, "BAD  read model board: 1 events of detection behind") {
		t.Errorf("a read model stands still: %v: %s", err, said)
	}
}

// staysCalmWhilePeopleWork: what is on its way is no fault.
func (h *house) staysCalmWhilePeopleWork() {
	h.Helper()
	advisor, stop := h.as("advisor-34"), make(chan struct{})
	var all sync.WaitGroup
	for worker := range 4 {
		all.Go(func() {
			for n := 0; ; n++ {
				select {
				case <-stop:
					return
				default:
					advisor.post(201, "/flags", senior(1000*(worker+1)+n))
				}
			}
		})
	}
	for range 5 {
		if said, err := h.operator("doctor"); err != nil {
			h.Errorf("a fault while people work: %s", said)
		}
	}
	close(stop)
	all.Wait()
}

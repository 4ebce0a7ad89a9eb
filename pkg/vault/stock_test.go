package vault

import (
	"fmt"
	"sync"
	"testing"
)

func TestSixtyFourMintDistinctDurableKeys(t *testing.T) {
	t.Parallel()
	b := setup(t)
	const each = 20 // 1,280 of a stock of 64: it is refilled many times
	minted := make(chan string, 64*each)
	var group sync.WaitGroup
	for range 64 {
		group.Go(func() {
			for range each {
				subject, err := b.Mint(t.Context())
				if err != nil {
					t.Error(err)
					return
				}
				var durable bool
				err = b.pool.QueryRow(t.Context(), fmt.Sprintf(`select wrapped is not null from %s.key where subject = $1`, b.schema), subject).Scan(&durable)
				if err != nil || !durable {
					t.Errorf("%s was given before it was durable: %v", subject, err)
				}
				minted <- subject
			}
		})
	}
	group.Wait()
	close(minted)
	seen := map[string]bool{}
	for subject := range minted {
		if seen[subject] || len(subject) != 36 || subject[14] != '7' {
			t.Fatalf("%q is doubled or no UUIDv7", subject)
		}
		seen[subject] = true
	}
}

func TestMintSaysWhenTheDatabaseIsAway(t *testing.T) {
	t.Parallel()
	b := setup(t)
	b.subject(t)
	b.exec(t, `drop table %s.key`)
	b.work.Wait()
	var err error
	for range 200 {
		if _, err = b.Mint(t.Context()); err != nil {
			break
		}
	}
	if err == nil {
		t.Fatal("keys were minted that are nowhere")
	}
	b.log.Reset()
	b.exec(t, `create table %s.key (subject text primary key, wrapped bytea, minted_at timestamptz not null, destroyed_at timestamptz)`)
	for range 3 { // one that was failing when the table came back may still say so
		if _, err = b.Mint(t.Context()); err == nil {
			return
		}
	}
	t.Fatal("it does not mint again:", err)
}

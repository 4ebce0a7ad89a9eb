package vault

import (
	"context"
	"crypto/rand"
	"fmt"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
)

// stock holds keys that are durable and that nobody uses yet. Those left when the process ends are never used.
type stock struct {
	size    int
	mu      sync.Mutex
	ready   []minted
	filling *filling // nil while nobody mints
}

type minted struct {
	subject string
	key     *dataKey
}

type filling struct {
	done chan struct{}
	err  error
}

const mintTimeout = 10 * time.Second

// Mint gives a fresh subject: the identifier of a key that is wrapped and durable. It waits only if the stock
// is empty, and answers the error of the database then.
func (v *Vault) Mint(ctx context.Context) (string, error) {
	for {
		subject, waitFor := v.take()
		if waitFor == nil {
			return subject, nil
		}
		select {
		case <-waitFor.done:
			if waitFor.err != nil {
				return "", waitFor.err
			}
		case <-ctx.Done():
			return "", fmt.Errorf("mint a key: %w", ctx.Err())
		}
	}
}

func (v *Vault) take() (subject string, waitFor *filling) {
	v.stock.mu.Lock()
	defer v.stock.mu.Unlock()
	if len(v.stock.ready) <= v.stock.size/2 {
		waitFor = v.refill()
	}
	last := len(v.stock.ready) - 1
	if last < 0 {
		return "", waitFor
	}
	key := v.stock.ready[last]
	v.stock.ready = v.stock.ready[:last]
	v.cache.put(map[string]entry{key.subject: {key: key.key}}, v.cache.epoch())
	return key.subject, nil
}

// refill begins to mint unless somebody does already. The caller holds the lock.
func (v *Vault) refill() *filling {
	if v.stock.filling != nil {
		return v.stock.filling
	}
	f := &filling{done: make(chan struct{})}
	v.stock.filling = f
	v.work.Go(func() {
		keys, err := v.mint(v.stock.size)
		v.stock.mu.Lock()
		v.stock.ready = append(v.stock.ready, keys...)
		v.stock.filling = nil
		f.err = err
		v.stock.mu.Unlock()
		close(f.done)
	})
	return f
}

// mint makes keys durable before anybody may use them.
func (v *Vault) mint(n int) ([]minted, error) {
	now := v.clock.Now()
	keys, subjects, wrapped := make([]minted, n), make([]string, n), make([][]byte, n)
	for i := range n {
		key := new(dataKey)
		_, _ = rand.Read(key[:]) // never fails
		subjects[i] = newSubject(now)
		wrapped[i] = wrap(v.kek, key[:], subjects[i])
		keys[i] = minted{subjects[i], key}
	}
	ctx, cancel := context.WithTimeout(context.Background(), mintTimeout)
	defer cancel()
	err := pgx.BeginFunc(ctx, v.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `set local synchronous_commit = on`); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, `insert into `+v.table+`.key (subject, wrapped, minted_at)
			select subject, wrapped, $3 from unnest($1::text[], $2::bytea[]) as minted (subject, wrapped)`, subjects, wrapped, now)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("mint keys: %w", err)
	}
	return keys, nil
}

package platform

import (
	"context"
	"fmt"
	"syscall"
	"time"
)

const (
	leastFree   = 1 << 30 // bytes
	leastShare  = 10      // percent
	mostSkew    = 2 * time.Second
	mostBusy    = 90 // percent of the connections
	mib, perGiB = 1 << 20, 1 << 30
)

// database looks at Postgres: its version, connections, size and clock.
func (x *examination) database(ctx context.Context) error {
	var (
		version    string
		used, most int
		size       int64
		now        time.Time
	)
	err := x.pool.QueryRow(ctx, `select current_setting('server_version'), (select count(*) from pg_stat_activity where backend_type = 'client backend'),
current_setting('max_connections')::int, pg_database_size(current_database()), clock_timestamp()`).Scan(&version, &used, &most, &size, &now)
	if err != nil {
		return fmt.Errorf("Postgres does not answer: %w", err) //nolint:staticcheck // a name
	}
	x.well("Postgres %s: %d of %d connections, %d MiB", version, used, most, size/mib)
	if used*100 > most*mostBusy {
		x.bad("Postgres has almost no connection left: raise max_connections, or lower PASSERELLE_DATABASE_CONNECTIONS")
	}
	if skew := time.Since(now).Abs(); skew > mostSkew {
		x.bad("the clocks of Postgres and of this machine differ by %.1f s: deadlines come at the wrong time, set both by NTP", skew.Seconds())
	}
	return nil
}

// secrecy looks at who may read the files with secrets.
func (x *examination) secrecy(context.Context) error {
	files, open := x.secretFiles(), 0
	for _, file := range files {
		if readByOthers(file) {
			open++
			x.bad("%s may be read or changed by others than its owner: run `chmod 600 %s`, and think of who may have read it", file, file)
		}
	}
	if open == 0 {
		x.well("%d files with secrets, each its owner's alone", len(files))
	}
	return nil
}

// disk looks at the data folder, where this process has one.
func (x *examination) disk(context.Context) error {
	if x.folder == nil {
		return nil
	}
	var fs syscall.Statfs_t
	if err := syscall.Statfs(x.folder.path, &fs); err != nil {
		return fmt.Errorf("disk of %s: %w", x.folder.path, err)
	}
	unit := uint64(fs.Bsize) //nolint:gosec // sizes of blocks are not negative
	free, all := fs.Bavail*unit, fs.Blocks*unit
	say := x.well
	if free < leastFree || all > 0 && free*100/all < leastShare {
		say = x.bad
	}
	say("disk of %s: %.1f of %.1f GiB free", x.folder.path, float64(free)/perGiB, float64(all)/perGiB)
	return nil
}

// bus looks at NATS: whether it answers, and what its store holds.
func (x *examination) bus(ctx context.Context) error {
	account, err := x.js.AccountInfo(ctx)
	if err != nil {
		return fmt.Errorf("NATS does not answer: %w", err)
	}
	x.well("NATS: %d streams, %d MiB stored", account.Streams, account.Store/mib)
	if limit := account.Limits.MaxStore; limit > 0 && account.Store*100/uint64(limit) > mostBusy { //nolint:gosec // positive
		x.bad("the store of NATS is almost full: raise its limit before it refuses to copy")
	}
	return nil
}

package ledger

// Waiting is how many calls wait for their group.
func (l *Postgres) Waiting() int {
	l.appender.mu.Lock()
	defer l.appender.mu.Unlock()
	return len(l.appender.waiting)
}

// Lock is the number of the ledger's lock.
func (l *Postgres) Lock() int64 { return l.lock }

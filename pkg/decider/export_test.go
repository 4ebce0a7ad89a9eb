package decider

// Waiting is how many commands wait for an aggregate while somebody works on it.
func (d *Decider[S, E]) Waiting(id string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	if jobs, busy := d.lanes[id]; busy {
		return len(*jobs)
	}
	return 0
}

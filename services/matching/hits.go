package matching

import "time"

// Hits are the sessions that suit a wish and have become what they are since it was made: new, moved, or grown. The best
// comes first; at most a few are given, with how many there are.
func Hits(x *Index, p Person, since time.Time) (list []Offer, all int) {
	a := ask(p)
	hits := firstOf(mostHits)
	fund := x.funds[p.Fund]
	x.around(p.Where, a.reach, func(*spot) bool { return false }, func(c *candidate) {
		if c.renewed <= since.Unix() || !a.sees(c, fund) {
			return
		}
		if j := a.judge(c, a.apart(c)); j.suits() {
			hits.add(a.key(c, &j), c)
		}
	})
	kept, more := hits.sorted()
	for _, c := range kept {
		list = append(list, a.offer(c.candidate))
	}
	return list, len(kept) + more
}

const mostHits = 5

// suits is more than not excluded: a seat is free, at the person's hours, in their form.
func (j *judged) suits() bool {
	return j.out.empty() && !j.check.has(onList) && !j.check.has(otherHours) && !j.check.has(otherMode)
}

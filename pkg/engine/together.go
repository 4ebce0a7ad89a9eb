package engine

import (
	"context"
	"slices"

	"example.org/passerelle/pkg/web"
)

// Together lets a request wait for all that hear a service: the listener has done what follows, the read
// model knows it.
func Together(list ...*web.Heard) *web.Heard {
	var services []string
	for _, r := range list {
		services = append(services, r.Services...)
	}
	slices.Sort(services)
	return &web.Heard{Services: slices.Compact(services), Waiter: readers(list)}
}

type readers []*web.Heard

func (r readers) Wait(ctx context.Context, service string, position int64) error {
	for _, one := range r {
		if slices.Contains(one.Services, service) {
			if err := one.Waiter.Wait(ctx, service, position); err != nil {
				return err
			}
		}
	}
	return nil
}

func (r readers) End(service string) int64 {
	i := slices.IndexFunc(r, func(one *web.Heard) bool { return slices.Contains(one.Services, service) })
	return r[i].Waiter.End(service)
}

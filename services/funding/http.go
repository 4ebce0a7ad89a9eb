package funding

import (
	"context"

	"example.org/passerelle/api/events"
	"example.org/passerelle/pkg/decider"
	"example.org/passerelle/pkg/engine"
	"example.org/passerelle/pkg/web"
	"example.org/passerelle/services/funding/domain"
	"example.org/passerelle/services/policy"
)

type headers struct{ ETag, PasserellePosition string }

// give gives a command to the budget of a fund; body is what the caller is told of it after that.
func give[A any](ctx context.Context, s *Service, fund string, c decider.Command[domain.Budget, events.Funding], told func(domain.Budget) A) (body A, h headers, err error) {
	done, err := engine.Command(ctx, s.budgets, "budget", fund, c, func(b domain.Budget, _ int) any { return told(b) })
	if err != nil {
		return body, h, err
	}
	body, err = engine.Answered[A](done)
	return body, headers{ETag: web.ETag("budget", done.Version), PasserellePosition: web.Position(Name, done.Position)}, err
}

// listed collects what the budgets of the caller's funds have, and cuts the page that was asked for.
func listed[A any](ctx context.Context, s *Service, action policy.Action, of func(fund string, b domain.Budget) []A) (list []A, next *string, err error) {
	skip := 0
	page, err := web.PageOf(ctx, &skip)
	if err != nil {
		return nil, nil, err
	}
	funds, err := s.funds(ctx, action)
	if err != nil {
		return nil, nil, err
	}
	for _, fund := range funds {
		b, _, err := s.budgets.Get(ctx, fund)
		if err != nil {
			return nil, nil, err
		}
		list = append(list, of(fund, b)...)
	}
	list = list[min(skip, len(list)):]
	if len(list) > page.Limit {
		list, next = list[:page.Limit], page.Next(skip+page.Limit)
	}
	return list, next, nil
}

// filled is a list that is never null on the wire.
func filled[T any](list []T) []T {
	if list == nil {
		return []T{}
	}
	return list
}

// some is an optional text.
func some(text string) *string {
	if text == "" {
		return nil
	}
	return &text
}

package referral

import "context"

// place is a place that may be named to people. Which ones there are is not told yet: every identifier is taken.
func (s *Service) place(_ context.Context, id string) (string, error) { return id, nil }

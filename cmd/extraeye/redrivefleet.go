package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/extraeye/extraeye/cmd/extraeye/internal/deadletters"
	"github.com/extraeye/extraeye/cmd/extraeye/internal/session"
)

// fleets finds the Fleets of buses, each once.
func (c redriveCommand) fleets(cmd *cobra.Command, own *session.Session, log *progress) deadletters.Finder {
	type answer struct {
		fleet *deadletters.Fleet
		err   error
	}
	known := map[deadletters.Bus]answer{}
	return func(ctx context.Context, bus deadletters.Bus) (*deadletters.Fleet, error) {
		a, ok := known[bus]
		if !ok {
			a.fleet, a.err = c.findFleet(ctx, cmd, own, bus, log)
			known[bus] = a
		}
		return a.fleet, a.err
	}
}

// findFleet finds the Fleet that has a bus: in the stack of -fleet, or in the one of -stack if the
// bus is in its account and Region.
func (c redriveCommand) findFleet(ctx context.Context, cmd *cobra.Command, own *session.Session, bus deadletters.Bus, log *progress) (*deadletters.Fleet, error) {
	options, stack, isElsewhere := c.account, c.fleet, bus.Account != own.Account
	options.Region = bus.Region
	if isElsewhere {
		options.Profile = c.fleetProfile
	}
	here := !isElsewhere && bus.Region == own.Region
	if stack == "" && here {
		stack = c.stack
	}
	switch {
	case isElsewhere && (stack == "" || c.fleetProfile == ""):
		return nil, deadletters.NoFleetError(fmt.Sprintf("it was for the bus %s; name the stack of the Fleet that has it with -fleet, and a profile of account %s with -fleet-profile", bus.ARN, bus.Account))
	case stack == "":
		return nil, deadletters.NoFleetError(fmt.Sprintf("it was for the bus %s; name the stack of the Fleet that has it with -fleet", bus.ARN))
	case here:
		return deadletters.FindFleet(ctx, own.API, stack, bus)
	}
	account, err := openAccount(cmd, options, log)
	if err != nil {
		return nil, fmt.Errorf("account of the Fleet: %w", err)
	}
	if account.Account != bus.Account {
		return nil, fmt.Errorf("-fleet-profile %s is of account %s, and the bus %s of %s; name a profile of that", c.fleetProfile, account.Account, bus.ARN, bus.Account)
	}
	return deadletters.FindFleet(ctx, account.API, stack, bus)
}

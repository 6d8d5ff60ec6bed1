// Package types holds the state of the clock module.
package types

import (
	"fmt"
	"time"

	"cosmossdk.io/collections"
)

const (
	// ModuleName is the name of the module.
	ModuleName = "clock"
	// StoreKey is the name of the module's store.
	StoreKey = ModuleName
	// MaxStep is the most that a block adds to the active time: ten times the pause between blocks, so that slow blocks
	// count in full, and a halt of hours as one slow block.
	MaxStep = 5 * time.Second
)

// ClockPrefix is where the clock is kept.
var ClockPrefix = collections.NewPrefix(0)

// Tick returns the clock in a block of a time: active time grows by the time since the block before, from zero to MaxStep.
// Before the first block, and if time stands still or goes back, it stands.
func (c Clock) Tick(now time.Time) Clock {
	c.Step = 0
	if c.BlockTime != nil {
		c.Step = min(max(now.Sub(*c.BlockTime), 0), MaxStep)
	}
	now = now.UTC()
	c.Active, c.BlockTime = c.Active+c.Step, &now
	return c
}

// DefaultGenesis returns the clock of a new network: it stands at zero.
func DefaultGenesis() *GenesisState { return &GenesisState{} }

// Validate checks that the steps can have made the clock.
func (gs GenesisState) Validate() error {
	switch c := gs.Clock; {
	case c.Active < 0:
		return fmt.Errorf("active: expected at least 0, got %s", c.Active)
	case c.Step < 0 || c.Step > min(MaxStep, c.Active):
		return fmt.Errorf("step: expected 0 to %s, got %s", min(MaxStep, c.Active), c.Step)
	case c.BlockTime == nil && c.Active > 0:
		return fmt.Errorf("block_time: expected one with an active time of %s, got none", c.Active)
	case c.BlockTime != nil && c.BlockTime.Unix() <= 0:
		return fmt.Errorf("block_time: expected a time after 1970, got %s", c.BlockTime)
	}
	return nil
}

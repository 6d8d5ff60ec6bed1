package trader

import (
	"fmt"

	"github.com/alita-network/alita/x/datapool/types"
)

// UpdateFile is the form in which people write what changes of a pool, with the fields of a PoolFile. An absent field
// leaves things as they are.
type UpdateFile struct {
	Description *string `json:"description,omitempty"`
	rewardFields
	Requirements requirementsFile `json:"requirements"`
}

// ExampleUpdateFile is an update file with some of the fields.
const ExampleUpdateFile = `{
  "description": "Determinations of the speed of light in air, in km/s.",
  "reward_per_record": "12SPEED",
  "rewards_per_day": "30SPEED",
  "requirements": {"min_rows": 10}
}
`

// ParseUpdateFile reads an update file as the message by which a maker changes a pool. Unknown fields, lower rewards
// and a file without a change are refused.
func ParseUpdateFile(data []byte, p types.Pool, maker string) (*types.MsgUpdatePool, error) {
	var f UpdateFile
	if err := decodeFile(data, &f); err != nil {
		return nil, err
	}
	msg := &types.MsgUpdatePool{
		Maker: maker, PoolId: p.Id, Description: p.Description, Requirements: p.Requirements, RewardPolicy: Rewards(p),
	}
	if f.Description != nil {
		msg.Description = *f.Description
	}
	if err := f.rewardFields.apply(&msg.RewardPolicy, ownUnits(p.Symbol)); err != nil {
		return nil, err
	}
	if err := f.Requirements.apply(&msg.Requirements); err != nil {
		return nil, err
	}
	if err := msg.RewardPolicy.Validate(); err != nil {
		return nil, err
	}
	if err := msg.RewardPolicy.CheckRaised(p.RewardPolicy); err != nil {
		return nil, err
	}
	if err := msg.RewardPolicy.CheckAdmission(msg.Requirements); err != nil {
		return nil, err
	}
	if len(Changes(p, msg)) == 0 {
		return nil, fmt.Errorf("expected a change, got what pool %d has already", p.Id)
	}
	return msg, nil
}

// Rewards returns the rewards of a pool as its maker wants them: with a raise that waits. A message without it would take
// it back.
func Rewards(p types.Pool) types.RewardPolicy {
	if p.PendingRewards != nil {
		return p.PendingRewards.Policy
	}
	return p.RewardPolicy
}

// Changes names what a message changes of a pool: description, requirements, rewards.
func Changes(p types.Pool, msg *types.MsgUpdatePool) []string {
	var all []string
	rewards := Rewards(p)
	for _, c := range []struct {
		name          string
		before, after string
	}{
		{"description", p.Description, msg.Description},
		{"requirements", p.Requirements.String(), msg.Requirements.String()},
		{"rewards", rewards.String(), msg.RewardPolicy.String()},
	} {
		if c.before != c.after {
			all = append(all, c.name)
		}
	}
	return all
}

package trader

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"cosmossdk.io/math"

	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/types"
)

// MaxPoolFile is the greatest size of a pool file, in bytes; the message bounds the texts within it.
const MaxPoolFile = 64 << 10

const secondsPerDay = 24 * 3600

// PoolFile is the form in which people write a pool, as JSON. Amounts are a number and a unit: ALITA or ualita; the
// pool's own symbol, or "units" for its base units.
type PoolFile struct {
	// Symbol, Name and Description say what the collection is.
	Symbol      string `json:"symbol"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	// LiquidityAlita and LiquidityData are the first liquidity; their ratio is the first price.
	LiquidityAlita string `json:"liquidity_alita"`
	LiquidityData  string `json:"liquidity_data"`
	// RewardBudget is the most that owners of records can earn; the reward fields say how.
	RewardBudget string `json:"reward_budget,omitempty"`
	rewardFields
	// MakerAllotment becomes the maker's, evenly over Vesting.
	MakerAllotment string `json:"maker_allotment,omitempty"`
	// Vesting and Lock are lengths of time such as 90d, 12h or 3600s; Lock is how long the maker's first shares stay in
	// the pool.
	Vesting string `json:"vesting,omitempty"`
	Lock    string `json:"lock,omitempty"`
	// Fees are percentages: the swap fee of the input, the others of the fee.
	Fees struct {
		Swap    string `json:"swap"`
		Maker   string `json:"maker,omitempty"`
		Rewards string `json:"rewards,omitempty"`
	} `json:"fees"`
	// BlockGuard lets nobody trade at better than a block's opening price; it is on unless the file turns it off.
	BlockGuard *bool `json:"block_guard,omitempty"`
	// Requirements are the conditions that a record meets.
	Requirements requirementsFile `json:"requirements"`
}

// rewardFields say what the owners of records earn; an empty text leaves a rate as it is.
type rewardFields struct {
	// RewardPerRecord is earned once by each admitted record, RewardPerRow in addition by each of its rows;
	// MaxRewardPerRecord bounds both together.
	RewardPerRecord    string `json:"reward_per_record,omitempty"`
	RewardPerRow       string `json:"reward_per_row,omitempty"`
	MaxRewardPerRecord string `json:"max_reward_per_record,omitempty"`
	// Match is what a paid answer of an active record earns, as a percentage of what its payer lost to others by it.
	Match string `json:"match,omitempty"`
	// RewardsPerDay is the most that leaves the budget in a day, MaxRewardsPerDay the most that it may ever be raised to.
	// A new pool whose file names none has the half per cent of the liquidity that leaves it by default, and no raise.
	RewardsPerDay    string `json:"rewards_per_day,omitempty"`
	MaxRewardsPerDay string `json:"max_rewards_per_day,omitempty"`
}

// requirementsFile says what a record must meet; an absent field leaves a requirement as it is.
type requirementsFile struct {
	Text          *string         `json:"text,omitempty"`
	Columns       *[]requiredFile `json:"columns,omitempty"`
	MinRows       *uint64         `json:"min_rows,omitempty"`
	OpenAdmission *bool           `json:"open_admission,omitempty"`
}

type requiredFile struct {
	Name string `json:"name"`
	Type string `json:"type,omitempty"`
}

// ExamplePoolFile is a pool file with all fields.
const ExamplePoolFile = `{
  "symbol": "SPEED",
  "name": "Speed of light in air",
  "description": "Determinations of the speed of light, in km/s.",
  "liquidity_alita": "1000ALITA",
  "liquidity_data": "10000SPEED",
  "reward_budget": "1000SPEED",
  "reward_per_record": "10SPEED",
  "reward_per_row": "0.01SPEED",
  "max_reward_per_record": "50SPEED",
  "match": "50%",
  "rewards_per_day": "20SPEED",
  "max_rewards_per_day": "50SPEED",
  "maker_allotment": "500SPEED",
  "vesting": "365d",
  "lock": "180d",
  "fees": {"swap": "0.3%", "maker": "20%", "rewards": "10%"},
  "block_guard": true,
  "requirements": {
    "text": "One row per reading.",
    "columns": [{"name": "speed", "type": "decimal"}],
    "min_rows": 1,
    "open_admission": false
  }
}
`

// ParsePoolFile reads a pool file as the message that creates the pool. Unknown fields are refused; the bounds of the
// chain's parameters are the chain's to check.
func ParsePoolFile(data []byte, maker string) (*types.MsgCreatePool, error) {
	var f PoolFile
	if err := decodeFile(data, &f); err != nil {
		return nil, err
	}
	if err := types.ValidateSymbol(f.Symbol); err != nil {
		return nil, fmt.Errorf("symbol: %w", err)
	}
	msg := &types.MsgCreatePool{
		Maker: maker, Symbol: f.Symbol, Name: f.Name, Description: f.Description,
		RewardPolicy: types.RewardPerRecord(math.ZeroInt()),
		BlockGuard:   f.BlockGuard == nil || *f.BlockGuard,
	}
	var err error
	if msg.LiquidityAlita, err = AlitaUnits().Parse(f.LiquidityAlita); err != nil {
		return nil, fmt.Errorf("liquidity_alita: %w", err)
	}
	own := ownUnits(f.Symbol)
	for _, a := range []struct {
		field, text string
		to          *math.Int
	}{
		{"liquidity_data", f.LiquidityData, &msg.LiquidityData},
		{"reward_budget", f.RewardBudget, &msg.RewardBudget},
		{"maker_allotment", f.MakerAllotment, &msg.MakerAllotment},
	} {
		c := sdk.Coin{Amount: math.ZeroInt()}
		if a.text != "" {
			if c, err = own.Parse(a.text); err != nil {
				return nil, fmt.Errorf("%s: %w", a.field, err)
			}
		}
		*a.to = c.Amount
	}
	if msg.VestingSeconds, err = parseSeconds(f.Vesting); err != nil {
		return nil, fmt.Errorf("vesting: %w", err)
	}
	if msg.LockSeconds, err = parseSeconds(f.Lock); err != nil {
		return nil, fmt.Errorf("lock: %w", err)
	}
	for _, p := range []struct {
		field, text string
		to          *uint32
	}{
		{"fees.swap", f.Fees.Swap, &msg.Fees.SwapFeePpm},
		{"fees.maker", f.Fees.Maker, &msg.Fees.MakerPpm},
		{"fees.rewards", f.Fees.Rewards, &msg.Fees.RewardsPpm},
	} {
		if p.text == "" && p.field != "fees.swap" {
			continue
		}
		if *p.to, err = parsePortion(p.text); err != nil {
			return nil, fmt.Errorf("%s: %w", p.field, err)
		}
	}
	if err := f.rewardFields.apply(&msg.RewardPolicy, own); err != nil {
		return nil, err
	}
	policy := &msg.RewardPolicy
	if f.RewardsPerDay == "" && !policy.IsZero() {
		policy.PerDay = math.MaxInt(math.OneInt(), msg.LiquidityData.QuoRaw(int64(types.PPM/types.DefaultParams().OutletPpm)))
	}
	if f.MaxRewardsPerDay == "" {
		policy.MaxPerDay = policy.PerDay
	}
	return msg, f.Requirements.apply(&msg.Requirements)
}

// decodeFile reads one JSON object; unknown fields are refused.
func decodeFile(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("expected one JSON object and nothing after it, got more")
	}
	return nil
}

// ownUnits are the units for amounts of a pool's token in a file: the pool has no denom yet.
func ownUnits(symbol string) Units {
	return Units{{symbol, symbol, types.Decimals}, {"units", symbol, 0}}
}

// apply sets the rates that the file names.
func (f rewardFields) apply(p *types.RewardPolicy, own Units) error {
	for _, a := range []struct {
		field, text string
		to          *math.Int
	}{
		{"reward_per_record", f.RewardPerRecord, &p.PerRecord},
		{"reward_per_row", f.RewardPerRow, &p.PerRow},
		{"max_reward_per_record", f.MaxRewardPerRecord, &p.MaxPerRecord},
		{"rewards_per_day", f.RewardsPerDay, &p.PerDay},
		{"max_rewards_per_day", f.MaxRewardsPerDay, &p.MaxPerDay},
	} {
		if a.text == "" {
			continue
		}
		c, err := own.Parse(a.text)
		if err != nil {
			return fmt.Errorf("%s: %w", a.field, err)
		}
		*a.to = c.Amount
	}
	if f.Match != "" {
		var err error
		if p.MatchPpm, err = parsePortion(f.Match); err != nil {
			return fmt.Errorf("match: %w", err)
		}
	}
	return nil
}

// apply sets the requirements that the file names.
func (f requirementsFile) apply(r *types.Requirements) error {
	if f.Text != nil {
		r.Text = *f.Text
	}
	if f.MinRows != nil {
		r.MinRows = *f.MinRows
	}
	if f.OpenAdmission != nil {
		r.OpenAdmission = *f.OpenAdmission
	}
	if f.Columns == nil {
		return nil
	}
	r.Columns = nil
	for i, c := range *f.Columns {
		column := types.RequiredColumn{Name: c.Name}
		if c.Type != "" && c.Type != "any" {
			n, ok := types.ColumnType_value["COLUMN_TYPE_"+strings.ToUpper(c.Type)]
			if !ok || n == 0 {
				return fmt.Errorf("requirements.columns[%d].type: expected any, integer, decimal, text, category, boolean or datetime, got %q", i, c.Type)
			}
			column.Type = types.ColumnType(n)
		}
		r.Columns = append(r.Columns, column)
	}
	return nil
}

// parseSeconds reads a length of time in whole seconds: days such as 90d, or the form of time.ParseDuration.
func parseSeconds(text string) (uint64, error) {
	if text == "" {
		return 0, nil
	}
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 32)
		if err != nil {
			return 0, fmt.Errorf("expected a length of time such as 90d, 12h or 3600s, got %q", text)
		}
		return n * secondsPerDay, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 || d%time.Second != 0 {
		return 0, fmt.Errorf("expected a length of time in whole seconds such as 90d, 12h or 3600s, got %q", text)
	}
	return uint64(d / time.Second), nil
}

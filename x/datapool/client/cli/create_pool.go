package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"cosmossdk.io/math"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"
	clienttx "github.com/cosmos/cosmos-sdk/client/tx"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/x/datapool/types"
)

// maxPoolFile bounds the file; texts within it are bounded by the message.
const maxPoolFile = 64 << 10

// PoolFile is the form in which people write a pool. Amounts are a number and a
// unit: ALITA and ualita; the pool's own symbol, and "units" for its base units.
type PoolFile struct {
	// Symbol, Name and Description tell what the collection is.
	Symbol      string `json:"symbol"`
	Name        string `json:"name"`
	Description string `json:"description,omitempty"`
	// LiquidityAlita and LiquidityData are the first liquidity; their ratio is the
	// first price.
	LiquidityAlita string `json:"liquidity_alita"`
	LiquidityData  string `json:"liquidity_data"`
	// RewardBudget and RewardPerRecord pay the owners of admitted records.
	RewardBudget    string `json:"reward_budget,omitempty"`
	RewardPerRecord string `json:"reward_per_record,omitempty"`
	// MakerAllotment becomes the maker's, evenly over Vesting.
	MakerAllotment string `json:"maker_allotment,omitempty"`
	// Vesting and Lock are lengths of time such as 90d, 12h or 3600s; Lock is how
	// long the maker's first shares stay in the pool.
	Vesting string `json:"vesting,omitempty"`
	Lock    string `json:"lock,omitempty"`
	// Fees are percentages: the swap fee of the input, the others of the fee.
	Fees struct {
		Swap    string `json:"swap"`
		Maker   string `json:"maker,omitempty"`
		Rewards string `json:"rewards,omitempty"`
	} `json:"fees"`
	// Requirements say what a record must be like.
	Requirements struct {
		Text    string `json:"text,omitempty"`
		Columns []struct {
			Name string `json:"name"`
			Type string `json:"type,omitempty"`
		} `json:"columns,omitempty"`
		MinRows       uint64 `json:"min_rows,omitempty"`
		OpenAdmission bool   `json:"open_admission,omitempty"`
	} `json:"requirements"`
}

const examplePool = `{
  "symbol": "SPEED",
  "name": "Speed of light in air",
  "description": "Determinations of the speed of light, in km/s.",
  "liquidity_alita": "1000ALITA",
  "liquidity_data": "10000SPEED",
  "reward_budget": "1000SPEED",
  "reward_per_record": "10SPEED",
  "maker_allotment": "500SPEED",
  "vesting": "365d",
  "lock": "180d",
  "fees": {"swap": "0.3%", "maker": "20%", "rewards": "10%"},
  "requirements": {
    "text": "One row per reading.",
    "columns": [{"name": "speed", "type": "decimal"}],
    "min_rows": 1,
    "open_admission": false
  }
}
`

func newCreatePoolCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "create-pool FILE",
		Short: "Create a pool from a JSON file; - reads the standard input",
		Long: `Create a pool from a JSON file; - reads the standard input.

Amounts are a number and a unit: 1000ALITA or 1000000000ualita, and for the pool's
own token its symbol (10000SPEED) or base units (10000000000units), of which a token
has 1,000,000. The ratio of both liquidities is the first price; liquidity_data +
reward_budget + maker_allotment is the supply for ever. Lengths of time are written
90d, 12h, 30m or 3600s. Column types are any, integer, decimal, text, category,
boolean and datetime.

An example, printed alone by --example:

` + examplePool,
		Example: `  alitad tx datapool create-pool --example > pool.json
  alitad tx datapool create-pool pool.json --from alice`,
		Args: cobra.MaximumNArgs(1),
		RunE: runCreatePool,
	}
	cmd.Flags().Bool("example", false, "print an example file and send nothing")
	flags.AddTxFlagsToCmd(cmd)
	return cmd
}

func runCreatePool(cmd *cobra.Command, args []string) error {
	if example, err := cmd.Flags().GetBool("example"); err != nil || example {
		if err == nil {
			_, err = io.WriteString(cmd.OutOrStdout(), examplePool)
		}
		return err
	}
	if len(args) != 1 {
		return errors.New("expected a FILE; --example prints one")
	}
	ctx, err := client.GetClientTxContext(cmd)
	if err != nil {
		return err
	}
	data, err := readPoolFile(cmd.InOrStdin(), args[0])
	if err != nil {
		return err
	}
	msg, err := ParsePoolFile(data, ctx.GetFromAddress().String())
	if err != nil {
		return fmt.Errorf("%s: %w", args[0], err)
	}
	supply := msg.LiquidityData.Add(msg.RewardBudget).Add(msg.MakerAllotment)
	fmt.Fprintf(cmd.ErrOrStderr(), "Pool     %s, %s\nSupply   %s %s for ever\nPrice    %s ALITA per %s to begin with\n",
		msg.Symbol, msg.Name, types.FormatUnits(supply, types.Decimals), msg.Symbol,
		price(msg.LiquidityAlita.Amount, msg.LiquidityData), msg.Symbol)
	return clienttx.GenerateOrBroadcastTxCLI(ctx, cmd.Flags(), msg)
}

func readPoolFile(stdin io.Reader, name string) ([]byte, error) {
	in := stdin
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, maxPoolFile+1))
	if err == nil && len(data) > maxPoolFile {
		err = fmt.Errorf("%s: expected at most %d bytes", name, maxPoolFile)
	}
	return data, err
}

// ParsePoolFile reads a pool file as a message of a maker. Fields that it does not
// know are refused.
func ParsePoolFile(data []byte, maker string) (*types.MsgCreatePool, error) {
	var f PoolFile
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return nil, err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return nil, errors.New("expected one JSON object and nothing after it")
	}
	if err := types.ValidateSymbol(f.Symbol); err != nil {
		return nil, fmt.Errorf("symbol: %w", err)
	}
	msg := &types.MsgCreatePool{
		Maker: maker, Symbol: f.Symbol, Name: f.Name, Description: f.Description,
		RewardPolicy: types.RewardPerRecord(math.ZeroInt()),
	}
	alita := []unit{{types.DisplaySymbol, types.BaseDenom, types.Decimals}, {types.BaseDenom, types.BaseDenom, 0}}
	var err error
	if msg.LiquidityAlita, err = parseAmount(f.LiquidityAlita, alita); err != nil {
		return nil, fmt.Errorf("liquidity_alita: %w", err)
	}
	own := []unit{{f.Symbol, f.Symbol, types.Decimals}, {"units", f.Symbol, 0}}
	for _, a := range []struct {
		field, text string
		to          *math.Int
	}{
		{"liquidity_data", f.LiquidityData, &msg.LiquidityData},
		{"reward_budget", f.RewardBudget, &msg.RewardBudget},
		{"reward_per_record", f.RewardPerRecord, &msg.RewardPolicy.PerRecord},
		{"maker_allotment", f.MakerAllotment, &msg.MakerAllotment},
	} {
		c := sdk.Coin{Amount: math.ZeroInt()}
		if a.text != "" {
			if c, err = parseAmount(a.text, own); err != nil {
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
	return msg, f.requirements(msg)
}

func (f PoolFile) requirements(msg *types.MsgCreatePool) error {
	r := f.Requirements
	msg.Requirements = types.Requirements{Text: r.Text, MinRows: r.MinRows, OpenAdmission: r.OpenAdmission}
	for i, c := range r.Columns {
		column := types.RequiredColumn{Name: c.Name}
		if c.Type != "" && c.Type != "any" {
			n, ok := types.ColumnType_value["COLUMN_TYPE_"+strings.ToUpper(c.Type)]
			if !ok || n == 0 {
				return fmt.Errorf("requirements.columns[%d].type: expected any, integer, decimal, text, category, boolean or datetime, got %q", i, c.Type)
			}
			column.Type = types.ColumnType(n)
		}
		msg.Requirements.Columns = append(msg.Requirements.Columns, column)
	}
	return nil
}

// parseSeconds reads a length of time in whole seconds: 90d, or as Go writes them.
func parseSeconds(text string) (uint64, error) {
	if text == "" {
		return 0, nil
	}
	if days, ok := strings.CutSuffix(text, "d"); ok {
		n, err := strconv.ParseUint(days, 10, 32)
		if err != nil {
			return 0, fmt.Errorf("expected a length of time such as 90d, 12h or 3600s, got %q", text)
		}
		return n * 24 * 3600, nil
	}
	d, err := time.ParseDuration(text)
	if err != nil || d < 0 || d%time.Second != 0 {
		return 0, fmt.Errorf("expected a length of time in whole seconds such as 90d, 12h or 3600s, got %q", text)
	}
	return uint64(d / time.Second), nil
}

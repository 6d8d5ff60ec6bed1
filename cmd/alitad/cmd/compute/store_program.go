package compute

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"

	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/cmd/alitad/cmd/txflags"
	"github.com/alita-network/alita/metering"
	"github.com/alita-network/alita/terms"
	"github.com/alita-network/alita/x/compute/types"
)

const (
	flagMeta    = "meta"
	flagShipped = "shipped"
)

func storeProgramCmd() *cobra.Command {
	cmd := &cobra.Command{
		Use:   "store-program [FILE.wasm]",
		Short: "Store a program, once, under the hash of its code",
		Long: `Store a program from a WebAssembly file and a description of it, or one that ships with this binary.
The description is a JSON file:

  {"name": "moments", "description": "...", "kind": "sum", "bits": 63,
   "shape": {"min_columns": 1, "max_columns": 64, "length_per_column": 3},
   "cost": {"base": {"constant": 1312}, "per_batch": {"constant": 269, "per_column": 6437}, "per_row": {"per_column": 43}}}

kind is "sum", "histogram" or "one_hot". shape has length_constant and length_per_column if the length of the vector
follows from the columns, or max_length if the job chooses it. A vector is one-hot if one slot is one and the others are
zero: its bits are 1, and only records of one row can contribute. Jobs over a row program, which its code says, can have
noise that hides each row. The code is checked before it is sent.`,
		Example: "alitad tx compute store-program --shipped moments --from author\n" +
			"alitad tx compute store-program mine.wasm --meta mine.json --from author",
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			clientCtx, err := client.GetClientTxContext(cmd)
			if err != nil {
				return err
			}
			msg, err := programMsg(cmd, clientCtx, args)
			if err != nil {
				return err
			}
			msg.Author, err = tx.AddressCodec().BytesToString(clientCtx.GetFromAddress())
			if err != nil {
				return err
			}
			cmd.PrintErrf("program %s\n", terms.ProgramID(msg.Code))
			return txflags.Submit(cmd, clientCtx, msg)
		},
	}
	cmd.Flags().String(flagMeta, "", "JSON file that describes the program")
	cmd.Flags().String(flagShipped, "", "name of a program that ships with this binary")
	txflags.AddFlags(cmd)
	return cmd
}

// programMsg reads the program that the flags name; the author is left to the caller.
func programMsg(cmd *cobra.Command, clientCtx client.Context, args []string) (*types.MsgStoreProgram, error) {
	meta, _ := cmd.Flags().GetString(flagMeta)
	shipped, _ := cmd.Flags().GetString(flagShipped)
	if (len(args) == 1) == (shipped != "") {
		return nil, errors.New("expected either a file or --shipped NAME, got both or neither")
	}
	params := types.DefaultParams()
	if !clientCtx.Offline {
		res, err := types.NewQueryClient(clientCtx).Params(cmd.Context(), &types.QueryParamsRequest{})
		if err != nil {
			return nil, fmt.Errorf("parameters of the chain: %w", err)
		}
		params = res.Params
	}
	if shipped != "" {
		return shippedMsg(shipped, params)
	}
	if meta == "" {
		return nil, errors.New("--meta: expected a JSON file that describes the program, got none")
	}
	msg, err := readMeta(meta)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", meta, err)
	}
	if msg.Code, err = os.ReadFile(args[0]); err != nil {
		return nil, err
	}
	if err := metering.Check(msg.Code, metering.LimitsOf(int(params.MaxCodeBytes))); err != nil {
		return nil, fmt.Errorf("%s: %w", args[0], err)
	}
	return msg, nil
}

// programMeta is the description of a program as a person writes it.
type programMeta struct {
	Name        string    `json:"name"`
	Description string    `json:"description"`
	Kind        string    `json:"kind"`
	Bits        uint32    `json:"bits"`
	Shape       shapeMeta `json:"shape"`
	Cost        struct {
		Base     costMeta `json:"base"`
		PerBatch costMeta `json:"per_batch"`
		PerRow   costMeta `json:"per_row"`
	} `json:"cost"`
}

type shapeMeta struct {
	MinColumns      uint32 `json:"min_columns"`
	MaxColumns      uint32 `json:"max_columns"`
	LengthConstant  uint32 `json:"length_constant"`
	LengthPerColumn uint32 `json:"length_per_column"`
	MaxLength       uint32 `json:"max_length"`
}

type costMeta struct {
	Constant  uint64 `json:"constant"`
	PerColumn uint64 `json:"per_column"`
	PerSlot   uint64 `json:"per_slot"`
}

func readMeta(file string) (*types.MsgStoreProgram, error) {
	bz, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(bytes.NewReader(bz))
	decoder.DisallowUnknownFields()
	var meta programMeta
	if err := decoder.Decode(&meta); err != nil {
		return nil, err
	}
	if _, err := decoder.Token(); err != io.EOF {
		return nil, errors.New("expected one JSON object and nothing after it, got more")
	}
	kind, err := terms.ParseVectorKind(meta.Kind)
	if err != nil {
		return nil, err
	}
	return &types.MsgStoreProgram{
		Name: meta.Name, Description: meta.Description, Kind: types.VectorKind(kind), Bits: meta.Bits,
		Shape: types.Shape(meta.Shape),
		Cost: types.CostModel{
			Base: types.Cost(meta.Cost.Base), PerBatch: types.Cost(meta.Cost.PerBatch), PerRow: types.Cost(meta.Cost.PerRow),
		},
	}, nil
}

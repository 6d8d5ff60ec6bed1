package metadata

import (
	"encoding/json"
	"fmt"

	"github.com/cosmos/gogoproto/proto"
	"github.com/spf13/cobra"

	"github.com/cosmos/cosmos-sdk/client"
	"github.com/cosmos/cosmos-sdk/client/flags"
	"github.com/cosmos/cosmos-sdk/client/grpc/cmtservice"
	sdk "github.com/cosmos/cosmos-sdk/types"

	"github.com/alita-network/alita/client/publisher/document"
	"github.com/alita-network/alita/client/tx"
	"github.com/alita-network/alita/cmd/alitad/cmd/txflags"
	"github.com/alita-network/alita/crypto/seal"
	datapooltypes "github.com/alita-network/alita/x/datapool/types"
	"github.com/alita-network/alita/x/metadata/types"
)

// session is one registration: the document that was read, the local file and the workers that may read it.
type session struct {
	cmd       *cobra.Command
	clientCtx client.Context
	chainID   string
	owner     string
	imported  document.Imported
	local     *localFile
	workers   []types.Worker
}

// newSession learns from the node which chain it is and which workers the owner has.
func newSession(cmd *cobra.Command) (*session, error) {
	clientCtx, err := client.GetClientTxContext(cmd)
	if err != nil {
		return nil, err
	}
	output, err := cmd.Flags().GetString(flags.FlagOutput)
	if err != nil {
		return nil, err
	}
	s := &session{cmd: cmd, clientCtx: clientCtx.WithOutputFormat(output)}
	if len(clientCtx.GetFromAddress()) == 0 {
		return nil, fmt.Errorf("--%s is missing; name the key of the owner", flags.FlagFrom)
	}
	s.owner = clientCtx.GetFromAddress().String()
	info, err := cmtservice.NewServiceClient(clientCtx).GetNodeInfo(cmd.Context(), &cmtservice.GetNodeInfoRequest{})
	if err != nil {
		return nil, fmt.Errorf("which chain the node is on: %w", err)
	}
	// The sealed location is bound to the chain; sealed for another one, no worker could open it.
	s.chainID = info.GetDefaultNodeInfo().GetNetwork()
	if clientCtx.ChainID != "" && clientCtx.ChainID != s.chainID {
		return nil, fmt.Errorf("the node is on chain %q, but --%s says %q", s.chainID, flags.FlagChainID, clientCtx.ChainID)
	}
	s.clientCtx = s.clientCtx.WithChainID(s.chainID)
	named, err := cmd.Flags().GetStringArray(flagWorker)
	if err != nil {
		return nil, err
	}
	s.workers, err = ownWorkers(cmd.Context(), types.NewQueryClient(s.clientCtx), s.owner, named)
	return s, err
}

// read reads the document and the local file, prints the findings and stops where they refuse the record: nothing
// about the file has left the machine by then.
func (s *session) read(path string, poolID uint64) error {
	doc, err := readDocument(path)
	if err != nil {
		return err
	}
	opts, local, err := documentOptions(s.cmd.Flags())
	if err != nil {
		return err
	}
	if local == nil {
		return fmt.Errorf("--%s is missing; name the local file with the data", flagFile)
	}
	pool, err := datapooltypes.NewQueryClient(s.clientCtx).Pool(s.cmd.Context(), &datapooltypes.QueryPoolRequest{PoolId: poolID})
	if err != nil {
		return fmt.Errorf("pool %d: %s", poolID, tx.Plain(err))
	}
	adoptTypes(opts.Types, pool.Pool.Requirements.Columns)
	imported, importErr := document.Import(doc, opts)
	v := newVerdict(imported, importErr)
	if s.clientCtx.OutputFormat == flags.OutputFormatText {
		if err := printFindings(s.cmd.ErrOrStderr(), v.Findings); err != nil {
			return err
		}
	} else if !v.Accepted {
		if err := v.printJSON(s.cmd.OutOrStdout()); err != nil {
			return err
		}
	}
	s.imported, s.local = imported, local
	return v.refusal()
}

// content seals the location to a record.
func (s *session) content(recordID string, owner sdk.AccAddress) (types.VersionContent, error) {
	keys, err := publicKeys(s.workers)
	if err != nil {
		return types.VersionContent{}, err
	}
	return buildContent(seal.RecordLabel(s.chainID, recordID, owner), s.imported, s.local, keys)
}

// answer is what a registration prints.
type answer struct {
	RecordID string          `json:"record_id"`
	Version  string          `json:"version"`
	Status   string          `json:"status"`
	Rows     uint64          `json:"rows"`
	Workers  []string        `json:"workers"`
	TxHash   string          `json:"txhash"`
	Height   int64           `json:"height"`
	GasUsed  int64           `json:"gas_used"`
	Findings []types.Finding `json:"findings"`
}

// registered is a response that tells where the version stands.
type registered interface {
	proto.Message
	GetStatus() types.VersionStatus
}

// send broadcasts the message and prints the record. With --generate-only it prints the transaction instead.
func (s *session) send(msg sdk.Msg, recordID string, into registered) error {
	res, err := txflags.Send(s.cmd.Context(), s.clientCtx, s.cmd.Flags(), msg)
	if err != nil || res == nil {
		return err
	}
	if err := tx.DecodeResponse(res, into); err != nil {
		return err
	}
	a := answer{
		RecordID: recordID, Version: s.imported.Version, Status: statusName(into.GetStatus()),
		Rows: s.local.commitment.Rows, TxHash: res.TxHash, Height: res.Height, GasUsed: res.GasUsed,
		Findings: s.imported.Findings,
	}
	for _, w := range s.workers {
		a.Workers = append(a.Workers, w.Address)
	}
	return s.print(a)
}

func (s *session) print(a answer) error {
	if s.clientCtx.OutputFormat == flags.OutputFormatJSON {
		out, err := json.MarshalIndent(a, "", "  ")
		if err != nil {
			return err
		}
		return s.clientCtx.PrintString(string(out) + "\n")
	}
	return s.clientCtx.PrintString(fmt.Sprintf(
		"record       %s\nversion      %s, %s\nrows         %d\nsealed to    %s\ntransaction  %s in block %d, %d gas\n",
		a.RecordID, a.Version, a.Status, a.Rows, addresses(s.workers), a.TxHash, a.Height, a.GasUsed))
}

func statusName(status types.VersionStatus) string {
	switch status {
	case types.VERSION_STATUS_PENDING:
		return "pending"
	case types.VERSION_STATUS_ADMITTED:
		return "admitted"
	}
	return status.String()
}

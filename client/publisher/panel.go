package publisher

import (
	"context"
	"fmt"

	"github.com/cosmos/cosmos-sdk/types/bech32"

	"github.com/alita-network/alita/x/metadata/types"
)

// ProposePanel proposes a panel and returns its id, which the owners of its records sign.
func (p Publisher) ProposePanel(ctx context.Context, f PanelFile) (panelID string, err error) {
	proposer, err := p.Client.Address()
	if err != nil {
		return "", err
	}
	msg, err := f.Message(proposer)
	if err != nil {
		return "", err
	}
	var answer types.MsgProposePanelResponse
	_, err = p.send(ctx, msg, &answer)
	return answer.PanelId, err
}

// Panel asks for a panel, and checks that it is what its id says.
func (p Publisher) Panel(ctx context.Context, panelID string) (types.Panel, error) {
	state, _, err := p.Client.At(ctx)
	if err != nil {
		return types.Panel{}, err
	}
	res, err := types.NewQueryClient(state).Panel(ctx, &types.QueryPanelRequest{PanelId: panelID})
	if err != nil {
		return types.Panel{}, fmt.Errorf("panel %s: %w", panelID, err)
	}
	if res.Panel.Id != panelID {
		return types.Panel{}, fmt.Errorf("panel: expected %s, got %s", panelID, res.Panel.Id)
	}
	_, proposer, err := bech32.DecodeAndConvert(res.Panel.Proposer)
	if err != nil {
		return types.Panel{}, fmt.Errorf("panel %s: proposer: %w", panelID, err)
	}
	return res.Panel, CheckPanel(res.Panel, proposer)
}

// atOnce is how many signatures of a panel are expected in one block at most.
const atOnce = 8

// SpareGas is how much more a signature of a panel can take than its simulation says: others may sign in between and leave it the last one.
func SpareGas(p types.Panel) uint64 {
	if missing := p.MemberCount - min(p.Signed, p.MemberCount); missing <= 1 || missing > atOnce {
		return 0
	}
	return types.PanelJoinGas * uint64(p.MemberCount)
}

// SignPanel signs a panel for a record of the account's, and returns where the panel stands then. Look at the Panel first: its terms allow
// exact sums over the record's rows, without a grant.
func (p Publisher) SignPanel(ctx context.Context, panelID, recordID string) (types.PanelStatus, error) {
	owner, err := p.Client.Address()
	if err != nil {
		return 0, err
	}
	panel, err := p.Panel(ctx, panelID)
	if err != nil {
		return 0, err
	}
	spare := p.Client.SpareGas
	p.Client.SpareGas = SpareGas(panel)
	defer func() { p.Client.SpareGas = spare }()
	var answer types.MsgSignPanelResponse
	_, err = p.send(ctx, &types.MsgSignPanel{Owner: owner, PanelId: panelID, RecordId: recordID}, &answer)
	return answer.Status, err
}

// StageContent brings the admitted version of a record for the next edition of its panel.
func (p Publisher) StageContent(ctx context.Context, recordID, version string) (*types.MsgStageContentResponse, error) {
	owner, err := p.Client.Address()
	if err != nil {
		return nil, err
	}
	var answer types.MsgStageContentResponse
	if _, err := p.send(ctx, &types.MsgStageContent{Owner: owner, RecordId: recordID, Version: version}, &answer); err != nil {
		return nil, err
	}
	return &answer, nil
}

// LeavePanel dissolves a panel for good, or withdraws one that is only proposed.
func (p Publisher) LeavePanel(ctx context.Context, panelID string) error {
	owner, err := p.Client.Address()
	if err != nil {
		return err
	}
	_, err = p.send(ctx, &types.MsgLeavePanel{Owner: owner, PanelId: panelID}, &types.MsgLeavePanelResponse{})
	return err
}

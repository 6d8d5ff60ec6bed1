package compute

import (
	"slices"

	"github.com/alita-network/alita/programs"
	"github.com/alita-network/alita/x/compute/types"
)

// shippedMsg is the message that stores a program of this binary, within what
// the chain's parameters allow.
func shippedMsg(name string, params types.Params) (*types.MsgStoreProgram, error) {
	p, err := programs.ByName(name)
	if err != nil {
		return nil, err
	}
	shape := types.Shape{
		MinColumns:      uint32(p.Shape.MinColumns),
		MaxColumns:      min(uint32(p.Shape.MaxColumns), types.MaxColumns),
		LengthPerColumn: uint32(p.Shape.LengthPerColumn),
	}
	if pairs := p.Shape.Pairs; pairs.PerPair == 0 && pairs.PerColumn > 0 {
		shape.LengthConstant, shape.LengthPerColumn = uint32(pairs.Constant), uint32(pairs.PerColumn)
	}
	if shape.LengthPerColumn == 0 {
		shape.MaxLength = min(uint32(p.Shape.MaxLength), params.MaxVectorLength)
	}
	return &types.MsgStoreProgram{
		Code: p.Code, Name: p.Name, Description: p.Description, Kind: types.VectorKind(p.Kind), Bits: uint32(p.Bits), Shape: shape,
		Cost: types.CostModelOf(p.Cost),
	}, nil
}

// shippedByID returns the program of this binary that has an id.
func shippedByID(id string) (programs.Program, bool) {
	for _, p := range slices.Concat(programs.All(), programs.Rows()) {
		if p.Hash == id {
			return p, true
		}
	}
	return programs.Program{}, false
}

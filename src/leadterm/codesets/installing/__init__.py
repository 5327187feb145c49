"""From official files to compiled stores: what is offered, recognised, compiled, swapped in."""

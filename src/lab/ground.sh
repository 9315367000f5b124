# PID 1 of a lab: owns the network on which the nodes' links meet, and everything dies with it.
# In: fd 0 the lifeline: at its end of file the engine is gone; fd 3 reports; what first-process.sh has.
must_be_rooted
all_joined
echo ready >&3
while IFS= read -r _; do :; done

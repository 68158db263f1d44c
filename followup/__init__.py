"""What is decided: pure rules over values, with time always an argument.

Glossary (Swedish in the texts, one English word for each in code):
utförare provider · enhet unit · placering placement · månadsrapport monthly report ·
signal signal (avvikelse deviation, klagomål complaint, synpunkt remark, omplacering re-placement) ·
omgång round · risktal, band risk ratio, band · golv floor · larm alert · underlag evidence ·
urval selection · stickprov spot check · uppföljning follow-up · åtgärd action ·
övervägande/omprövning review of care · ersättare substitute · intygande statement · gallring retention ·
socialsekreterare worker · kvalitetsteam quality · chef manager · administratör admin.
"""

"""FHIR (R4, R4B, R5) as input: bundles, resources and lines of resources of one patient become a record.

Read are Patient (sex, age at the last date), Condition, Observation, and the text of Composition, DocumentReference
and DiagnosticReport. Everything else is left out and counted in a notice; names and addresses are never taken.
Specification: https://hl7.org/fhir/R4/ and https://hl7.org/fhir/R5/.
"""

from raredxr1.diagnose.fhir.record import FhirRecord, looks_like_fhir, record_of_fhir

__all__ = ["FhirRecord", "looks_like_fhir", "record_of_fhir"]
